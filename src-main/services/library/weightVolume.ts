/**
 * The weight map of a case as a volume: mean weight over a run's visits (1 = average pixel) of the slices the run watched, NaN where it did
 * not look. It lies on the crop of the model grid the run was trained on, in the patient space of the MR.
 */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { decodeSafetensors } from '../../formats/safetensors/safetensors.ts';
import { axialGrid } from '../../imaging/orient/toAxialLps.ts';
import { axialModelGrid } from '../../imaging/resample/modelGrid.ts';
import { applyAffine, type Affine } from '../../shared/affine.ts';
import { AppError } from '../../shared/appError.ts';
import type { Grid, Volume } from '../../shared/volume.ts';
import { fileExists } from '../../workflows/files/fileExists.ts';
import { readBytes } from '../../workflows/files/readBytes.ts';
import { readRecord } from '../../workflows/files/record.ts';
import { runCasesSchema, runPaths } from '../../workflows/train/runFolder.ts';

/** What weights need to know of their run: training settings that have changed since do not make old weights unreadable. */
const weightedRunSchema = z.object({
  createdAt: z.iso.datetime(),
  config: z.object({
    spacingMm: z.tuple([z.number().positive(), z.number().positive()]),
    cropPx: z.tuple([z.int().positive(), z.int().positive()]),
  }),
  cases: runCasesSchema,
});

export interface WeightedRun {
  readonly folder: string;
  readonly record: z.infer<typeof weightedRunSchema>;
  /** Changes when the weights do. */
  readonly version: string;
}

const addressesSchema = z.array(z.object({ caseId: z.string(), slice: z.number().int() }));

/** Finished runs with weight maps, the newest first. Damaged ones are left out: the list of runs says what is wrong with them. */
export async function listWeightedRuns(runsDirectory: string): Promise<WeightedRun[]> {
  const found: WeightedRun[] = [];
  for (const name of await readdir(runsDirectory)) {
    const folder = join(runsDirectory, name);
    const paths = runPaths(folder);
    if (!(await fileExists(paths.weights))) continue;
    try {
      const record = await readRecord(paths.record, weightedRunSchema);
      found.push({ folder, record, version: `${name}-${(await stat(paths.weights)).mtimeMs}` });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
  }
  return found.sort((a, b) => b.record.createdAt.localeCompare(a.record.createdAt));
}

/** The newest of `runs` that trained on the case. */
export function runWithWeights(runs: readonly WeightedRun[], caseId: string): WeightedRun | undefined {
  return runs.find(({ record }) => record.cases.train.some((one) => one.caseId === caseId));
}

/** Reads the weights of one case, whose MR lies on `mrGrid`. Throws FILE_NOT_FOUND, SAFETENSORS_INVALID, TENSOR_MISSING. */
export async function readWeightVolume(
  { folder, record }: WeightedRun,
  caseId: string,
  mrGrid: Grid,
): Promise<Volume<Float32Array>> {
  const path = runPaths(folder).weights;
  const { tensors, metadata } = decodeSafetensors(await readBytes(path), path);
  const sums = (name: string): Float32Array => {
    const data = tensors.get(name)?.data;
    if (!(data instanceof Float32Array)) throw new AppError('TENSOR_MISSING', { path, name });
    return data;
  };
  const [visits, weight] = [sums('visits'), sums('weight')];
  const cached = record.cases.train.find((one) => one.caseId === caseId);
  if (cached === undefined) throw new AppError('TENSOR_MISSING', { path, name: caseId });
  const grid = cropGrid(mrGrid, record, cached);
  const pixels = grid.size[0] * grid.size[1];
  const data = new Float32Array(pixels * cached.count).fill(NaN);
  const addresses = addressesSchema.parse(JSON.parse(metadata['slices'] ?? '[]'));
  for (const [row, address] of addresses.entries()) {
    const times = visits[row] ?? 0;
    if (address.caseId !== caseId || times === 0) continue;
    const [from, to] = [row * pixels, address.slice * pixels];
    for (let at = 0; at < pixels; at++) data[to + at] = (weight[from + at] ?? NaN) / times;
  }
  return { grid, data };
}

/** The window of the model grid that the case's training slices were cut from. */
function cropGrid(
  mrGrid: Grid,
  { config }: WeightedRun['record'],
  { left, top, count }: { readonly left: number; readonly top: number; readonly count: number },
): Grid {
  const model = axialModelGrid(axialGrid(mrGrid), { spacingMm: config.spacingMm });
  const [x, y, z] = applyAffine(model.indexToLps, [left, top, 0]);
  const [a, b, c, , d, e, f, , g, h, i] = model.indexToLps;
  const indexToLps: Affine = [a, b, c, x, d, e, f, y, g, h, i, z];
  return { size: [config.cropPx[0], config.cropPx[1], count], indexToLps };
}
