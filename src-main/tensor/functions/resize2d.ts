/**
 * Resizing of images as two products with constant interpolation matrices, one per axis (interpolation is separable and linear).
 *
 * Convention: half-pixel centres, that is output pixel i shows the source position (i + ½)·h/oh − ½, as PyTorch's `interpolate` with
 * `align_corners=False` (`bilinear`) and `nearest-exact` (`nearest`; the same as its `nearest` when enlarging by whole factors).
 * Positions beyond the border show the border. No smoothing before shrinking.
 */
import { reshape, transpose } from '../primitives/layout.ts';
import { constant } from '../primitives/leaves.ts';
import { matmul } from '../primitives/matmul.ts';
import { extentAt, formatShape, type Tensor } from '../tensor.ts';

export type ResizeMode = 'nearest' | 'bilinear';

/** x [n, c, h, w] → [n, c, height, width]. */
export function resize2d(x: Tensor, [height, width]: readonly [number, number], mode: ResizeMode): Tensor {
  if (x.shape.length !== 4) throw new RangeError(`resize2d: ${formatShape(x.shape)} has not four axes.`);
  // The last axis is resized, then brought to the third place; twice restores the order.
  return resizeLastAndSwap(resizeLastAndSwap(x, width, mode), height, mode);
}

/** [n, c, a, b] → [n, c, extent, a]. */
function resizeLastAndSwap(x: Tensor, extent: number, mode: ResizeMode): Tensor {
  const [n, c, a, b] = [0, 1, 2, 3].map((axis) => extentAt(x.shape, axis)) as [
    number,
    number,
    number,
    number,
  ];
  const swapped = (y: Tensor): Tensor => transpose(y, [0, 1, 3, 2]);
  if (extent === b) return swapped(x);
  const weights = constant(interpolationMatrix(b, extent, mode), [b, extent]);
  return swapped(reshape(matmul(reshape(x, [n * c * a, b]), weights), [n, c, a, extent]));
}

/** The weight of each source element (row) in each output element (column). */
function interpolationMatrix(from: number, to: number, mode: ResizeMode): Float32Array {
  const matrix = new Float32Array(from * to);
  for (let at = 0; at < to; at++) {
    const position = Math.min(Math.max(((at + 0.5) * from) / to - 0.5, 0), from - 1);
    // The nearest centre; half-way between two of them the later one, as floor((at + ½)·from/to) has it.
    const first = Math.floor(mode === 'nearest' ? position + 0.5 : position);
    const fraction = mode === 'nearest' ? 0 : position - first;
    matrix[first * to + at] = 1 - fraction;
    if (fraction > 0) matrix[(first + 1) * to + at] = fraction;
  }
  return matrix;
}
