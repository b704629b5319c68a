/**
 * LPIPS of a volume: the mean over its axial slices. LPIPS is defined for photographs, so what it sees has to be fixed: HU −1024…3000 (the
 * range of the SynthRAD2023 metrics) become −1…1, voxels that do not count become −1024 HU in both, and slices are cut to the box about the
 * voxels that count, so that the size of the field of view does not matter.
 */
import { cutWindow } from '../../imaging/crop/sliceWindow.ts';
import { maskBox } from '../../imaging/mask/maskBox.ts';
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

/** Pairs of slices per run. Each takes VGG about 400 MB at 320×192, and more than two make a processor no faster. */
const batchSize = 2;

/** Measures. The value is null where a side of the box is too short for the network. */
export async function lpipsOfVolumes(
  compared: ComparedValues,
  backbone: LpipsBackbone,
  executor: Executor,
  { weights, signal, onProgress }: LpipsOptions,
): Promise<LpipsFigure> {
  const { lowHu, highHu } = defaultHuWindow;
  const figure = { backbone, windowHu: [lowHu, highHu] } satisfies Partial<LpipsFigure>;
  const cut = slicesOf(compared);
  if (!cut || Math.min(cut.width, cut.height) < lpipsSmallestSide(backbone))
    return { ...figure, slices: cut?.count ?? 0, value: null };
  const { count, width, height, reference, synthetic } = cut;
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
  return { ...figure, slices: count, value: sum / count };
}

interface Slices {
  readonly count: number;
  readonly width: number;
  readonly height: number;
  /** [count, height, width] in −1…1. */
  readonly reference: Float32Array;
  readonly synthetic: Float32Array;
}

/** Null where no voxel counts. */
function slicesOf({ grid, reference, synthetic, counting }: ComparedValues): Slices | null {
  const axial = (data: VoxelArray): { size: readonly [number, number, number]; data: VoxelArray } => {
    const { volume } = toAxialLps({ grid, data });
    return { size: volume.grid.size, data: volume.data };
  };
  const { size, data: mask } = axial(counting);
  const box = maskBox(mask, size);
  if (!box) return null;
  const [left, top, first] = box.from;
  const [width, height, count] = box.size;
  const window = { left, top, width, height };
  const plane = size[0] * size[1];
  const cut = (data: VoxelArray): Float32Array => {
    const values = normaliseHu(axial(data).data.subarray(first * plane, (first + count) * plane));
    for (let at = 0; at < values.length; at++) if (!((mask[first * plane + at] ?? 0) > 0)) values[at] = -1;
    return cutWindow(values, [size[0], size[1], count], window, -1);
  };
  return { count, width, height, reference: cut(reference), synthetic: cut(synthetic) };
}
