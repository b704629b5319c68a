/**
 * The watched training slices of a finished run beside the truth of a phantom: weights averaged over the visits of the run's second half, the
 * CT as it was given, the CT as it should have been, all cropped alike on the model grid.
 */
import { z } from 'zod';
import { decodeSafetensors } from '../../formats/safetensors/safetensors.ts';
import { denormaliseHu } from '../../imaging/intensity/huWindow.ts';
import type { Vector3 } from '../../shared/affine.ts';
import { AppError } from '../../shared/appError.ts';
import { readBytes } from '../files/readBytes.ts';
import { readRecord } from '../files/record.ts';
import { runPaths, runRecordSchema, type RunRecord } from '../train/runFolder.ts';
import { openSliceCache, type SliceAddress } from '../train/sliceCache.ts';
import { croppedTruth, type CroppedTruth, type PhantomTruth } from './croppedTruth.ts';

/** All images are [slices, height, width]. */
export interface WatchedSlices {
  readonly addresses: readonly SliceAddress[];
  /** Width, height and number of slices. */
  readonly size: Vector3;
  /** In-plane, of the model grid. */
  readonly spacingMm: readonly [number, number];
  /** Normalised to [−1, 1]. */
  readonly mr: Float32Array;
  readonly ctHu: Float32Array;
  readonly trueHu: Float32Array;
  /** 1 inside the skin. */
  readonly body: Uint8Array;
  /** Mean over visits of the weight relative to its batch. */
  readonly weight: Float32Array;
  /** Share of the visits in which u was positive. */
  readonly positiveShare: Float32Array;
}

const addressSchema = z.array(z.object({ caseId: z.string(), slice: z.number().int() }));

/**
 * Reads the visited watched slices of the cases that `truthOf` knows (null leaves a case out). Throws FILE_NOT_FOUND for a run that is not
 * finished or has no weights, and what `truthOf` throws.
 */
export async function readWatchedSlices(
  runFolder: string,
  truthOf: (caseId: string) => Promise<PhantomTruth | null>,
): Promise<WatchedSlices> {
  const paths = runPaths(runFolder);
  const record = await readRecord(paths.record, runRecordSchema);
  const { tensors, metadata } = decodeSafetensors(await readBytes(paths.weights), paths.weights);
  const sums = (name: string): Float32Array => {
    const data = tensors.get(name)?.data;
    if (!(data instanceof Float32Array)) throw new AppError('TENSOR_MISSING', { path: paths.weights, name });
    return data;
  };
  const [visits, weight, positive] = [sums('visits'), sums('weight'), sums('positive')];
  const watched = addressSchema.parse(JSON.parse(metadata['slices'] ?? '[]'));
  const [width, height] = record.config.cropPx;
  const pixels = width * height;

  const truths = new Map<string, CroppedTruth | null>();
  for (const caseId of new Set(watched.map((address) => address.caseId))) {
    const truth = await truthOf(caseId);
    truths.set(caseId, truth && croppedTruth(truth, record, caseId));
  }
  const rows = watched.flatMap((address, row) => {
    const truth = truths.get(address.caseId);
    return truth && (visits[row] ?? 0) > 0 ? [{ address, row, truth }] : [];
  });
  const addresses = rows.map(({ address }) => address);
  const { x, y } = await readImages(record, paths.cache, addresses, pixels);
  const out: WatchedSlices = {
    addresses,
    size: [width, height, rows.length],
    spacingMm: record.config.spacingMm,
    mr: x,
    ctHu: denormaliseHu(y, record.config.huWindow),
    trueHu: new Float32Array(rows.length * pixels),
    body: new Uint8Array(rows.length * pixels),
    weight: new Float32Array(rows.length * pixels),
    positiveShare: new Float32Array(rows.length * pixels),
  };
  for (const [at, { address, row, truth }] of rows.entries()) {
    const part = (images: Float32Array, slice: number): Float32Array =>
      images.subarray(slice * pixels, (slice + 1) * pixels);
    const mean = (value: number): number => value / (visits[row] ?? 1);
    out.trueHu.set(part(truth.trueHu, address.slice), at * pixels);
    out.body.set(part(truth.body, address.slice), at * pixels);
    out.weight.set(part(weight, row).map(mean), at * pixels);
    out.positiveShare.set(part(positive, row).map(mean), at * pixels);
  }
  return out;
}

/** MR and CT of slices as the run's cache holds them. */
async function readImages(
  { cases }: RunRecord,
  cache: string,
  addresses: readonly SliceAddress[],
  pixels: number,
): Promise<{ x: Float32Array; y: Float32Array }> {
  const reader = openSliceCache(cache, cases.train, pixels, 1);
  try {
    return await reader.read(addresses);
  } finally {
    await reader.close();
  }
}
