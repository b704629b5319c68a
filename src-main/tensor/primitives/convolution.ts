/**
 * Two-dimensional convolution (cross-correlation, as everywhere in deep learning) and its two gradients. The three are bilinear and
 * closed under differentiation: each one's derivatives are again among the three, which is all that forward and reverse mode need.
 *
 * Layout: x [n, ci, h, w], weight [co, ci, kh, kw], y [n, co, oh, ow] with oh = ⌊(h + top + bottom − kh) / stride⌋ + 1.
 */
import { extentAt, formatShape, makeTensor, type Padding2d, type Shape, type Tensor } from '../tensor.ts';

export interface ConvolutionOptions {
  readonly stride?: number;
  readonly padding?: Padding2d;
}

export const noPadding: Padding2d = [0, 0, 0, 0];

/** The same padding on all four sides. */
export function padAll(pixels: number): Padding2d {
  return [pixels, pixels, pixels, pixels];
}

function outputExtent(extent: number, kernel: number, stride: number, before: number, after: number): number {
  return Math.floor((extent + before + after - kernel) / stride) + 1;
}

function images(x: Tensor, what: string): readonly [number, number, number, number] {
  if (x.shape.length !== 4) throw new RangeError(`${what}: ${formatShape(x.shape)} has not four axes.`);
  return [extentAt(x.shape, 0), extentAt(x.shape, 1), extentAt(x.shape, 2), extentAt(x.shape, 3)];
}

/** x [n, ci, h, w], weight [co, ci, kh, kw] → [n, co, oh, ow]. */
export function conv2d(x: Tensor, weight: Tensor, options: ConvolutionOptions = {}): Tensor {
  const { stride = 1, padding = noPadding } = options;
  const [n, ci, h, w] = images(x, 'conv2d');
  const [co, wi, kh, kw] = images(weight, 'conv2d');
  if (ci !== wi)
    throw new RangeError(`conv2d: ${ci} channels in ${formatShape(x.shape)}, the weight wants ${wi}.`);
  const shape = [
    n,
    co,
    outputExtent(h, kh, stride, padding[0], padding[2]),
    outputExtent(w, kw, stride, padding[1], padding[3]),
  ];
  return makeTensor({ kind: 'conv2d', stride, padding }, [x, weight], shape);
}

/** dy [n, co, oh, ow], weight [co, ci, kh, kw] → dx [n, ci, h, w] for an input of [h, w]. */
export function conv2dInputGradient(
  dy: Tensor,
  weight: Tensor,
  [h, w]: readonly [number, number],
  options: ConvolutionOptions = {},
): Tensor {
  const { stride = 1, padding = noPadding } = options;
  const [n, co, oh, ow] = images(dy, 'conv2dInputGradient');
  const [wo, ci, kh, kw] = images(weight, 'conv2dInputGradient');
  const fits =
    co === wo &&
    oh === outputExtent(h, kh, stride, padding[0], padding[2]) &&
    ow === outputExtent(w, kw, stride, padding[1], padding[3]);
  if (!fits)
    throw new RangeError(
      `conv2dInputGradient: ${formatShape(dy.shape)} is no output of [${h}, ${w}] by ${formatShape(weight.shape)}.`,
    );
  return makeTensor({ kind: 'conv2dInputGradient', stride, padding }, [dy, weight], [n, ci, h, w]);
}

/** x [n, ci, h, w], dy [n, co, oh, ow] → dw [co, ci, kh, kw]. */
export function conv2dFilterGradient(
  x: Tensor,
  dy: Tensor,
  [kh, kw]: readonly [number, number],
  options: ConvolutionOptions = {},
): Tensor {
  const { stride = 1, padding = noPadding } = options;
  const [n, ci, h, w] = images(x, 'conv2dFilterGradient');
  const [m, co, oh, ow] = images(dy, 'conv2dFilterGradient');
  const fits =
    n === m &&
    oh === outputExtent(h, kh, stride, padding[0], padding[2]) &&
    ow === outputExtent(w, kw, stride, padding[1], padding[3]);
  if (!fits)
    throw new RangeError(
      `conv2dFilterGradient: ${formatShape(x.shape)} and ${formatShape(dy.shape)} do not fit a ${kh}×${kw} kernel.`,
    );
  return makeTensor({ kind: 'conv2dFilterGradient', stride, padding }, [x, dy], [co, ci, kh, kw]);
}

export interface TransposedConvolutionOptions {
  readonly stride: number;
  readonly padding: number;
  readonly outputPadding: number;
}

/** Transposed convolution: x [n, ci, h, w], weight [ci, co, kh, kw] → [n, co, (h − 1)·stride − 2·padding + kh + outputPadding, …]. */
export function convTranspose2d(x: Tensor, weight: Tensor, options: TransposedConvolutionOptions): Tensor {
  const { stride, padding, outputPadding } = options;
  const extent = (axis: number): number =>
    (extentAt(x.shape, axis) - 1) * stride - 2 * padding + extentAt(weight.shape, axis) + outputPadding;
  return conv2dInputGradient(x, weight, [extent(2), extent(3)], { stride, padding: padAll(padding) });
}

/** Kernel extents of a weight [co, ci, kh, kw]. */
export function kernelExtents(weight: Shape): readonly [number, number] {
  return [extentAt(weight, 2), extentAt(weight, 3)];
}
