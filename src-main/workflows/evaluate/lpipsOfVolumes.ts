/**
 * LPIPS of a volume: the mean over its axial slices. LPIPS is defined for photographs, so what it sees has to be fixed: HU −1024…3000 (the
 * range of the SynthRAD2023 metrics) become −1…1, voxels that do not count become −1024 HU in both, and slices are cut to the box about the
 * voxels that count, so that the size of the field of view does not matter.
 */
import { cutWindow, type SliceWindow } from '../../imaging/crop/sliceWindow.ts';
import { defaultHuWindow, normaliseHu } from '../../imaging/intensity/huWindow.ts';
import { toAxialLps } from '../../imaging/orient/toAxialLps.ts';
import { createLpips, lpipsSmallestSide, type LpipsBackbone } from '../../learn/lpips.ts';
import type { StopSignal } from '../../shared/jobEvent.ts';
import type { OnProgress } from '../../shared/progress.ts';
import type { VoxelArray } from '../../shared/volume.ts';
import type { Executor } from '../../tensor/executor.ts';
import type { LpipsFigure } from './evaluationReport.ts';
import type { ComparedValues } from './onCtGrid.ts';

export interface LpipsOptions {
  /** Trunk and channel weights, by the names `createLpips` knows. */
  readonly weights: ReadonlyMap<string, Float32Array>;
  /** Checked between batches; its reason is thrown. */
  readonly signal?: StopSignal;
  readonly onProgress?: OnProgress;
}

/** Pairs of slices per run: enough for a graphics card, little memory for a processor. */
const batchSize = 4;

/** Measures. The value is null where a side of the box is too short for the network. */
export async function lpipsOfVolumes(
  compared: ComparedValues,
  backbone: LpipsBackbone,
  executor: Executor,
  { weights, signal, onProgress }: LpipsOptions,
): Promise<LpipsFigure> {
  const { lowHu, highHu } = defaultHuWindow;
  const slices = slicesOf(compared);
  const { count, width, height, reference, synthetic } = slices;
  const figure = { backbone, windowHu: [lowHu, highHu], slices: count } satisfies Partial<LpipsFigure>;
  const side = lpipsSmallestSide(backbone);
  if (count === 0 || Math.min(width, height) < side) return { ...figure, value: null };
  const n = Math.min(batchSize, count);
  const compare = await createLpips(executor, backbone, weights, [n, height, width]);
  let sum = 0;
  for (let slice = 0; slice < count; slice += n) {
    // A run blocks this thread; whoever wants it to stop must get a turn in between.
    await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
    // The last batch begins early enough to be full, and only what is new in it counts.
    const from = Math.min(slice, count - n);
    const batch = (images: Float32Array): Float32Array =>
      images.subarray(from * width * height, (from + n) * width * height);
    const distances = await compare(batch(reference), batch(synthetic));
    for (let at = slice - from; at < n; at++) sum += distances[at] ?? 0;
    onProgress?.({ step: `lpips ${backbone}`, done: Math.min(count, slice + n), total: count });
  }
  return { ...figure, value: sum / count };
}

interface Slices {
  readonly count: number;
  readonly width: number;
  readonly height: number;
  /** [count, height, width] in −1…1. */
  readonly reference: Float32Array;
  readonly synthetic: Float32Array;
}

function slicesOf({ grid, reference, synthetic, counting }: ComparedValues): Slices {
  const axial = (data: VoxelArray): { size: readonly [number, number, number]; data: VoxelArray } => {
    const { volume } = toAxialLps({ grid, data });
    return { size: volume.grid.size, data: volume.data };
  };
  const { size, data: mask } = axial(counting);
  const { window, first, count } = boxOf(mask, size);
  const plane = size[0] * size[1];
  const cut = (data: VoxelArray): Float32Array => {
    const values = normaliseHu(axial(data).data.subarray(first * plane, (first + count) * plane));
    for (let at = 0; at < values.length; at++) if (!((mask[first * plane + at] ?? 0) > 0)) values[at] = -1;
    return cutWindow(values, [size[0], size[1], count], window, -1);
  };
  return {
    count,
    width: window.width,
    height: window.height,
    reference: cut(reference),
    synthetic: cut(synthetic),
  };
}

/** The smallest box about the voxels above zero: its rectangle in a slice, its first slice and how many. */
function boxOf(
  mask: VoxelArray,
  [nx, ny, nz]: readonly [number, number, number],
): { window: SliceWindow; first: number; count: number } {
  let [left, right, top, bottom, first, last] = [nx, -1, ny, -1, nz, -1];
  let at = 0;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) {
        if (!((mask[at] ?? 0) > 0)) continue;
        if (i < left) left = i;
        if (i > right) right = i;
        if (j < top) top = j;
        if (j > bottom) bottom = j;
        if (k < first) first = k;
        last = k;
      }
    }
  }
  const window = { left, top, width: Math.max(0, right - left + 1), height: Math.max(0, bottom - top + 1) };
  return { window, first: Math.min(first, nz), count: Math.max(0, last - first + 1) };
}
