/** A run's film as the window shows it: MR, CT, weight maps and predictions of the same slices, in HU and relative weights. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Film } from '../../api/contract/training.ts';
import { decodeSafetensors } from '../../formats/safetensors/safetensors.ts';
import { denormaliseHu } from '../../imaging/intensity/huWindow.ts';
import { AppError } from '../../shared/appError.ts';
import { fileExists } from '../../workflows/files/fileExists.ts';
import { readBytes } from '../../workflows/files/readBytes.ts';
import { readRecord } from '../../workflows/files/record.ts';
import { readSafetensorsMetadata } from '../../workflows/files/safetensorsMetadata.ts';
import { runRecordSchema, type RunPaths } from '../../workflows/train/runFolder.ts';

const addressesSchema = z.array(z.object({ caseId: z.string(), slice: z.number().int() }));
const slicesPath = ({ film }: RunPaths): string => join(film, 'slices.safetensors');
const framePath = ({ film }: RunPaths, epoch: number): string =>
  join(film, `epoch-${String(epoch).padStart(4, '0')}.safetensors`);

/** Which slices and epochs there are; none before training has begun. */
export async function filmOf(paths: RunPaths, labelOf: (caseId: string) => string): Promise<Film> {
  const { config } = await readRecord(paths.record, runRecordSchema);
  const frame = {
    ...{ size: config.cropPx, spacingMm: config.spacingMm },
    ...{ hasWeights: config.parts.weights, warmupEpochs: config.warmupEpochs },
  };
  if (!(await fileExists(slicesPath(paths)))) return { ...frame, slices: [], epochs: [] };
  const { slices = '[]' } = await readSafetensorsMetadata(slicesPath(paths));
  const epochs = (await readdir(paths.film)).flatMap((name) => {
    const [, epoch] = /^epoch-(\d+)\.safetensors$/.exec(name) ?? [];
    return epoch === undefined ? [] : [Number(epoch)];
  });
  return {
    ...frame,
    slices: addressesSchema
      .parse(JSON.parse(slices))
      .map(({ caseId, slice }) => ({ caseId, slice, label: labelOf(caseId) })),
    epochs: epochs.sort((a, b) => a - b),
  };
}

/** Epochs of a film whose weights were at work; none of a warm-up, nor of a run without weights. */
export function weighedEpochs({ epochs, hasWeights, warmupEpochs }: Film): number[] {
  return hasWeights ? epochs.filter((epoch) => epoch > warmupEpochs) : [];
}

/** [n, 2, h, w]: MR in [−1, 1] and CT in HU. Throws FILE_NOT_FOUND, SAFETENSORS_INVALID, TENSOR_MISSING. */
export async function filmSlices(paths: RunPaths): Promise<Float32Array<ArrayBuffer>> {
  const { config } = await readRecord(paths.record, runRecordSchema);
  const pixels = config.cropPx[0] * config.cropPx[1];
  const { x, y } = await readTensors(slicesPath(paths), ['x', 'y']);
  const n = y.length / pixels;
  const channels = config.generator.inputChannels;
  const out = new Float32Array(2 * n * pixels);
  const ct = denormaliseHu(y, config.huWindow);
  for (let slice = 0; slice < n; slice++) {
    // Of neighbouring slices as channels the middle one is the slice itself.
    const from = (slice * channels + (channels - 1) / 2) * pixels;
    out.set(x.subarray(from, from + pixels), 2 * slice * pixels);
    out.set(ct.subarray(slice * pixels, (slice + 1) * pixels), (2 * slice + 1) * pixels);
  }
  return out;
}

/** [n, 2, h, w]: relative weight (1 = average pixel of its batch; NaN without weights) and prediction in HU. Throws as `filmSlices`. */
export async function filmFrame(paths: RunPaths, epoch: number): Promise<Float32Array<ArrayBuffer>> {
  const { config } = await readRecord(paths.record, runRecordSchema);
  const { cropPx, batchSize, huWindow, parts } = config;
  const pixels = cropPx[0] * cropPx[1];
  const names = parts.weights ? (['w', 'prediction'] as const) : (['prediction'] as const);
  const tensors = await readTensors<'w' | 'prediction'>(framePath(paths, epoch), names);
  const prediction = denormaliseHu(tensors.prediction, huWindow);
  const out = new Float32Array(2 * prediction.length).fill(NaN);
  for (let slice = 0; slice < prediction.length / pixels; slice++) {
    const part = (values: Float32Array): Float32Array =>
      values.subarray(slice * pixels, (slice + 1) * pixels);
    // The weights of a batch sum to 1.
    if (parts.weights)
      out.set(
        part(tensors.w).map((weight) => weight * batchSize * pixels),
        2 * slice * pixels,
      );
    out.set(part(prediction), (2 * slice + 1) * pixels);
  }
  return out;
}

async function readTensors<K extends string>(
  path: string,
  names: readonly K[],
): Promise<Record<K, Float32Array>> {
  const { tensors } = decodeSafetensors(await readBytes(path), path);
  const entries = names.map((name) => {
    const data = tensors.get(name)?.data;
    if (!(data instanceof Float32Array)) throw new AppError('TENSOR_MISSING', { path, name });
    return [name, data] as const;
  });
  return Object.fromEntries(entries) as Record<K, Float32Array>;
}
