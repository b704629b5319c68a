/**
 * Backward warp of images as a composite: every output pixel shows the image at its own place plus the flow there, bilinearly between four
 * pixels. Flow is in pixels, channel 0 down the rows and channel 1 along the columns (RegGAN's transformer.py: align_corners, border
 * padding). Places beyond the border show the border, where the flow has no derivative; on whole pixels it is the one towards larger places.
 */
import { add, floor, maximum, minimum, multiply, subtract } from '../primitives/elementwise.ts';
import { gather, toIndex } from '../primitives/indexing.ts';
import { reshape, slice, transpose } from '../primitives/layout.ts';
import { constant, detach } from '../primitives/leaves.ts';
import { extentAt, formatShape, sizeOf, type Tensor } from '../tensor.ts';

/** Where a place falls along one axis: the pixel before it and how far it is from there towards the next, 0…1. */
interface Place {
  readonly before: Tensor;
  readonly fraction: Tensor;
}

/** image [n, c, h, w] and flow [n, 2, h, w] → [n, c, h, w]; h and w at least 2. Derivatives flow to both. */
export function warp2d(image: Tensor, flow: Tensor): Tensor {
  const [n, c, h, w] = [0, 1, 2, 3].map((axis) => extentAt(image.shape, axis)) as [
    number,
    number,
    number,
    number,
  ];
  if (flow.shape.join() !== [n, 2, h, w].join() || Math.min(h, w) < 2)
    throw new RangeError(`warp2d: ${formatShape(flow.shape)} is no flow of ${formatShape(image.shape)}.`);
  const shift = (channel: 0 | 1): Tensor => slice(flow, [0, channel, 0, 0], [n, 1, h, w]);
  const rows = placeOf(add(shift(0), grid([1, 1, h, 1])), h);
  const columns = placeOf(add(shift(1), grid([1, 1, 1, w])), w);

  // Channels first, so that one index per pixel serves them all.
  const pixels = n * h * w;
  const flat = reshape(transpose(image, [1, 0, 2, 3]), [c, pixels]);
  const starts = constant(
    Float32Array.from({ length: n }, (_, at) => at * h * w),
    [n, 1, 1, 1],
  );
  const origin = add(add(multiply(rows.before, w), columns.before), starts);
  const corner = (down: 0 | 1, along: 0 | 1): Tensor => {
    const indices = toIndex(reshape(add(origin, down * w + along), [pixels]));
    return transpose(reshape(gather(flat, indices, 1), [c, n, h, w]), [1, 0, 2, 3]);
  };
  const between = (a: Tensor, b: Tensor, fraction: Tensor): Tensor =>
    add(a, multiply(subtract(b, a), fraction));
  const upper = between(corner(0, 0), corner(0, 1), columns.fraction);
  const lower = between(corner(1, 0), corner(1, 1), columns.fraction);
  return between(upper, lower, rows.fraction);
}

/** 0, 1, 2 … along the one long axis. */
function grid(shape: readonly number[]): Tensor {
  return constant(
    Float32Array.from({ length: sizeOf(shape) }, (_, at) => at),
    shape,
  );
}

function placeOf(position: Tensor, extent: number): Place {
  // The border comes first: where a place is on it or beyond, it is the border's, whose derivative is 0.
  const inside = minimum(constant(Float32Array.of(extent - 1), []), maximum(0, position));
  const before = detach(minimum(floor(inside), extent - 2));
  return { before, fraction: subtract(inside, before) };
}
