/**
 * MR → synthetic CT on the MR's own grid. Every slice goes through the model whole: the window about the body is padded to what the
 * network can halve, so there are no tiles and no seams. Outside the body the result is −1024 HU.
 */
import { denormaliseHu } from '../../imaging/intensity/huWindow.ts';
import { cutWindow, pasteWindow, type SliceWindow } from '../../imaging/crop/sliceWindow.ts';
import type { MrNormalisation } from '../../imaging/intensity/mrNormalisation.ts';
import { restoreOrientation } from '../../imaging/orient/toAxialLps.ts';
import { resampleVolume } from '../../imaging/resample/resampleVolume.ts';
import { applyAffine } from '../../shared/affine.ts';
import { AppError } from '../../shared/appError.ts';
import { oneLine } from '../../shared/oneLine.ts';
import type { OnProgress } from '../../shared/progress.ts';
import { voxelCount, type Grid, type Volume } from '../../shared/volume.ts';
import type { ImageModel } from '../../tensor/executors/onnx/onnxModel.ts';
import type { ModelCard } from '../model/modelCard.ts';
import { bodyImages, type BodyImages } from '../prepare/bodyImages.ts';
import type { StopSignal } from '../../shared/jobEvent.ts';

export interface SynthesizeOptions {
  /** A given body outline; else it is found in the MR. */
  readonly mask?: Volume;
  readonly subject: string;
  /** Given the prepared MR before anything is synthesized: what it throws stops the work. */
  readonly onPrepared?: (images: BodyImages) => Promise<void>;
  readonly onProgress?: OnProgress;
  /** Given every slice as soon as it is final; the next one waits for it. */
  readonly onSlice?: (slice: SyntheticSlice) => Promise<void>;
  /** Checked between slices; its reason is thrown. */
  readonly signal?: StopSignal;
}

/** One finished axial slice, from the patient's feet upwards. */
export interface SyntheticSlice {
  readonly slice: number;
  readonly total: number;
  /** A grid of this slice alone, at the MR's own in-plane resolution. */
  readonly grid: Grid;
  readonly hu: Int16Array;
}

export interface Synthesis {
  /** HU, whole numbers, on the grid of the MR. */
  readonly sct: Volume<Int16Array>;
  readonly normalisation: MrNormalisation;
}

const outsideHu = -1024;

/** Synthesizes a CT. Throws NO_BODY_FOUND, MODEL_INVALID when the model's output does not fit its card. */
export async function synthesizeVolume(
  mr: Volume,
  model: ImageModel,
  card: ModelCard,
  { mask, subject, onPrepared, onProgress, onSlice, signal }: SynthesizeOptions,
): Promise<Synthesis> {
  const { input, output } = card;
  const { spacingMm, mrPercentiles } = input;
  const images = bodyImages(mr, { spacingMm, mrPercentiles, subject, ...(mask ? { mask } : {}) });
  await onPrepared?.(images);
  const { axialGrid } = images;
  const { grid } = images.mr;
  const window = bodyWindow(images.mask, input.trainingCropPx, input.multipleOf);
  const slices = cutWindow(images.mr.data, grid.size, window, -1);
  const total = grid.size[2];
  const hu = new Int16Array(voxelCount(axialGrid));
  for (let slice = 0; slice < total; slice++) {
    signal?.throwIfAborted();
    const x = neighbours(slices, slice, total, window.width * window.height, input.channels);
    const y = await translate(model, card, x, window);
    const plane = sliceGrid(grid, slice);
    const onModelGrid = {
      grid: plane,
      data: pasteWindow(denormaliseHu(y, output), plane.size, window, outsideHu),
    };
    const own = sliceGrid(axialGrid, slice);
    const { data } =
      grid === axialGrid
        ? onModelGrid
        : resampleVolume(onModelGrid, own, { interpolation: 'linear', outside: outsideHu });
    const from = slice * data.length;
    const finished = Int16Array.from(data, (value, at) =>
      images.axialMask.data[from + at] === 0 ? outsideHu : Math.round(value),
    );
    hu.set(finished, from);
    await onSlice?.({ slice, total, grid: own, hu: finished });
    onProgress?.({ step: 'synthesize', done: slice + 1, total });
  }
  const sct = restoreOrientation({ grid: axialGrid, data: hu }, images.order, mr.grid);
  return { sct, normalisation: images.normalisation };
}

/** The slice alone: its plane as a grid of one slice. */
function sliceGrid({ size, indexToLps }: Grid, slice: number): Grid {
  const [x, y, z] = applyAffine(indexToLps, [0, 0, slice]);
  const [a, b, c, , d, e, f, , g, h, i] = indexToLps;
  return { size: [size[0], size[1], 1], indexToLps: [a, b, c, x, d, e, f, y, g, h, i, z] };
}

/** One slice through the model. What a model refuses, or answers with other than one number per pixel, speaks against the model. */
async function translate(
  model: ImageModel,
  { name, input }: ModelCard,
  x: Float32Array,
  { width, height }: SliceWindow,
): Promise<Float32Array> {
  const invalid = (reason: string, cause?: unknown): AppError =>
    new AppError('MODEL_INVALID', { path: name, reason }, { cause });
  let y: Float32Array;
  try {
    y = await model.run(x, [1, input.channels, height, width]);
  } catch (error) {
    const reason = oneLine(error);
    throw invalid(`a slice of ${input.channels}×${height}×${width} fails: ${reason}`, error);
  }
  if (y.length !== width * height)
    throw invalid(`it returns ${y.length} values for a slice of ${width * height}`);
  if (!y.every(Number.isFinite)) throw invalid('it returns values that are not finite numbers');
  return y;
}

/**
 * The window about the body in all slices, at least the training crop, its sides multiples of `multipleOf`. One voxel around the body
 * belongs to it, which interpolation back to the MR's grid looks at.
 */
function bodyWindow(
  { grid, data }: Volume<Uint8Array>,
  [minimumWidth, minimumHeight]: readonly [number, number],
  multipleOf: number,
): SliceWindow {
  const [nx, ny] = grid.size;
  let [left, right, top, bottom] = [nx, -1, ny, -1];
  for (let at = 0; at < data.length; at++) {
    if (data[at] === 0) continue;
    const i = at % nx;
    const j = Math.floor(at / nx) % ny;
    left = Math.min(left, i);
    right = Math.max(right, i);
    top = Math.min(top, j);
    bottom = Math.max(bottom, j);
  }
  const side = (from: number, to: number, minimum: number): { start: number; length: number } => {
    const length = Math.ceil(Math.max(to - from + 3, minimum) / multipleOf) * multipleOf;
    return { start: Math.round((from + to + 1 - length) / 2), length };
  };
  const across = side(left, right, minimumWidth);
  const down = side(top, bottom, minimumHeight);
  return { left: across.start, top: down.start, width: across.length, height: down.length };
}

/** Slice `slice` with its neighbours as channels; the first and last slice stand in for what is beyond them. */
function neighbours(
  slices: Float32Array,
  slice: number,
  count: number,
  pixels: number,
  channels: number,
): Float32Array {
  const x = new Float32Array(channels * pixels);
  for (let channel = 0; channel < channels; channel++) {
    const from = Math.min(count - 1, Math.max(0, slice + channel - (channels - 1) / 2)) * pixels;
    x.set(slices.subarray(from, from + pixels), channel * pixels);
  }
  return x;
}
