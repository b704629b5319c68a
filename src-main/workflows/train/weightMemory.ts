/** The running mean of every training slice's map u over its visits; kept in checkpoints, so that a resumed run remembers as well. */
import type { KeptTensors } from './checkpoint.ts';

export interface WeightMemory extends KeptTensors {
  /** What is remembered of slices, and the share of the next mean that it makes up. */
  recall(indices: readonly number[]): { readonly maps: Float32Array; readonly kept: Float32Array };
  /** Takes the new means u [n, 1, h, w] of slices. */
  remember(indices: readonly number[], u: Float32Array): void;
}

/** A memory for `slices` slices of [h, w]: the plain mean over a slice's first visits, from 1 / (1 − `share`) visits on a fading one. */
export function createWeightMemory(
  slices: number,
  [h, w]: readonly [number, number],
  share: number,
): WeightMemory {
  const pixels = h * w;
  const visits = { shape: [slices], data: new Float32Array(slices) };
  const maps = { shape: [slices, h, w], data: new Float32Array(slices * pixels) };
  const kept = { 'memory.visits': visits, 'memory.maps': maps };
  return {
    recall(indices) {
      const found = new Float32Array(indices.length * pixels);
      for (const [at, index] of indices.entries())
        found.set(maps.data.subarray(index * pixels, (index + 1) * pixels), at * pixels);
      const keptOf = (before: number): number => Math.min(share, before / (before + 1));
      return { maps: found, kept: Float32Array.from(indices, (index) => keptOf(visits.data[index] ?? 0)) };
    },
    remember(indices, u) {
      for (const [at, index] of indices.entries()) {
        maps.data.set(u.subarray(at * pixels, (at + 1) * pixels), index * pixels);
        visits.data[index] = (visits.data[index] ?? 0) + 1;
      }
    },
    tensors: () => new Map(Object.entries(kept)),
    restore(saved, corrupt) {
      for (const [name, { data }] of Object.entries(kept)) {
        const values = saved.get(name);
        if (values?.length !== data.length)
          throw corrupt(`the remembered weights (${name}) do not fit the run`);
        data.set(values);
      }
    },
  };
}
