/** Max pooling as a composite of strided slices and `maximum`, so that it needs no derivative of its own. */
import { maximum } from '../primitives/elementwise.ts';
import { slice } from '../primitives/layout.ts';
import { extentAt, formatShape, type Tensor } from '../tensor.ts';

/**
 * Largest value of each `size`×`size` window, every `stride` (by default `size`) elements, without padding: x [n, c, h, w] →
 * [n, c, ⌊(h − size) / stride⌋ + 1, …]. Among ties the derivative goes to the window's first element in row-major order.
 */
export function maxPool2d(x: Tensor, size: number, stride = size): Tensor {
  if (x.shape.length !== 4) throw new RangeError(`maxPool2d: ${formatShape(x.shape)} has not four axes.`);
  const [n, c, h, w] = [0, 1, 2, 3].map((axis) => extentAt(x.shape, axis)) as [
    number,
    number,
    number,
    number,
  ];
  const sizes = [n, c, Math.floor((h - size) / stride) + 1, Math.floor((w - size) / stride) + 1];
  const element = (row: number, column: number): Tensor =>
    slice(x, [0, 0, row, column], sizes, [1, 1, stride, stride]);
  let largest = element(0, 0);
  for (let at = 1; at < size * size; at++)
    largest = maximum(largest, element(Math.floor(at / size), at % size));
  return largest;
}
