/**
 * Sums the weight maps of watched training slices over a run's second half. A single step's map is noisy (it sees one meta batch), the mean
 * over visits shows which pixels the validation cases trust.
 */
import type { KeptTensors } from './checkpoint.ts';
import type { SliceAddress } from './sliceCache.ts';

export interface WeightTally extends KeptTensors {
  /** Adds the maps of a visited slice: u and w of [h, w]; w is scaled so that its mean over the batch is 1. */
  add(index: number, u: Float32Array, relativeWeight: Float32Array): void;
}

/** A tally for `watched` of the slices in `all` (visits name a slice by its index there). */
export function createWeightTally(
  all: readonly SliceAddress[],
  watched: readonly SliceAddress[],
  [h, w]: readonly [number, number],
): WeightTally {
  const pixels = h * w;
  const key = ({ caseId, slice }: SliceAddress): string => `${caseId} ${slice}`;
  const rowOf = new Map(watched.map((address, row) => [key(address), row]));
  const rows = all.map((address) => rowOf.get(key(address)));
  const sums = {
    /** Visits of each slice. */
    visits: { shape: [watched.length], data: new Float32Array(watched.length) },
    /** Visits in which u was positive. */
    positive: { shape: [watched.length, h, w], data: new Float32Array(watched.length * pixels) },
    /** Sum of relative weights. */
    weight: { shape: [watched.length, h, w], data: new Float32Array(watched.length * pixels) },
  };
  return {
    add(index, u, relativeWeight) {
      const row = rows[index];
      if (row === undefined) return;
      const from = row * pixels;
      sums.visits.data[row] = (sums.visits.data[row] ?? 0) + 1;
      for (let at = 0; at < pixels; at++) {
        if ((u[at] ?? 0) > 0) sums.positive.data[from + at] = (sums.positive.data[from + at] ?? 0) + 1;
        sums.weight.data[from + at] = (sums.weight.data[from + at] ?? 0) + (relativeWeight[at] ?? 0);
      }
    },
    tensors: () => new Map(Object.entries(sums).map(([name, sum]) => [`tally.${name}`, sum])),
    restore(saved, corrupt) {
      for (const [name, { data }] of Object.entries(sums)) {
        const values = saved.get(`tally.${name}`);
        if (values?.length !== data.length) throw corrupt(`the sums of weights (${name}) do not fit the run`);
        data.set(values);
      }
    },
  };
}
