/**
 * Which slices a step sees. Everything follows from the seed and the step's number, so that a resumed run sees what an uninterrupted one
 * would have seen.
 */
import { createRandom } from '../../shared/random.ts';
import type { CachedCase, SliceAddress } from './sliceCache.ts';
import type { PlannedStep } from './stepPlan.ts';

/** Every slice of the cases, in order. */
export function slicesOf(cases: readonly CachedCase[]): SliceAddress[] {
  return cases.flatMap(({ caseId, count }) =>
    Array.from({ length: count }, (_, slice): SliceAddress => ({ caseId, slice })),
  );
}

/** The indices of the batch at `place` of `epoch`: each epoch a new order; too few slices repeat. */
export function trainingBatch(
  slices: number,
  { epoch, place, batchSize }: Pick<PlannedStep, 'epoch' | 'place' | 'batchSize'>,
  seed: number,
): number[] {
  const order = createRandom(seed * 7919 + 2 * epoch).shuffle([...Array(slices).keys()]);
  const start = place * batchSize;
  return Array.from({ length: batchSize }, (_, at) => order[(start + at) % slices] ?? 0);
}

/** The indices of the meta batch of `step`: drawn without repetition, all of them where there are not enough. */
export function metaBatch(slices: number, size: number, seed: number, step: number): number[] {
  const order = createRandom(seed * 7919 + 2 * step + 1).shuffle([...Array(slices).keys()]);
  return order.slice(0, size);
}

/** At most `count` of `slices`, evenly spread: the same whenever it is asked. */
export function spread(slices: readonly SliceAddress[], count: number): SliceAddress[] {
  if (slices.length <= count) return [...slices];
  return Array.from(
    { length: count },
    (_, at) => slices[Math.floor(((at + 0.5) * slices.length) / count)],
  ).filter((slice) => slice !== undefined);
}
