/**
 * How much of each training case the newest finished run trusted: the share of the pixels inside the body whose mean weight over the run's
 * second half is above half of the average pixel's. Only the slices the run watched count.
 */
import { z } from 'zod';
import { decodeSafetensors } from '../../formats/safetensors/safetensors.ts';
import { AppError } from '../../shared/appError.ts';
import { readBytes } from '../../workflows/files/readBytes.ts';
import { runPaths } from '../../workflows/train/runFolder.ts';
import { openSliceCache } from '../../workflows/train/sliceCache.ts';
import type { WeightedRun } from '../library/weightVolume.ts';

const trustedAbove = 0.5;
const addressesSchema = z.array(z.object({ caseId: z.string(), slice: z.number().int() }));

/** Case id → share. Throws SAFETENSORS_INVALID, TENSOR_MISSING for a damaged file, and read errors of the slice cache. */
export async function trustedShares({ folder, record }: WeightedRun): Promise<Map<string, number>> {
  const paths = runPaths(folder);
  const { tensors, metadata } = decodeSafetensors(await readBytes(paths.weights), paths.weights);
  const sums = (name: string): Float32Array => {
    const data = tensors.get(name)?.data;
    if (!(data instanceof Float32Array)) throw new AppError('TENSOR_MISSING', { path: paths.weights, name });
    return data;
  };
  const [visits, weight] = [sums('visits'), sums('weight')];
  const pixels = record.config.cropPx[0] * record.config.cropPx[1];
  const counts = new Map<string, { inside: number; trusted: number }>();
  const reader = openSliceCache(paths.cache, record.cases.train, pixels, 1);
  try {
    const watched = addressesSchema.parse(JSON.parse(metadata['slices'] ?? '[]'));
    for (const [row, address] of watched.entries()) {
      const times = visits[row] ?? 0;
      if (times === 0) continue;
      const { x, y } = await reader.read([address]);
      const count = counts.get(address.caseId) ?? { inside: 0, trusted: 0 };
      counts.set(address.caseId, count);
      for (let at = 0; at < pixels; at++) {
        // Outside the body both images are exactly −1.
        if (x[at] === -1 && y[at] === -1) continue;
        count.inside++;
        if ((weight[row * pixels + at] ?? 0) / times > trustedAbove) count.trusted++;
      }
    }
  } finally {
    await reader.close();
  }
  return new Map(
    [...counts].flatMap(([caseId, { inside, trusted }]) => (inside > 0 ? [[caseId, trusted / inside]] : [])),
  );
}
