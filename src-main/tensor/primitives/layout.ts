/** Primitives that move values without changing them: all linear, with adjoints among themselves and `sum`. */
import {
  broadcastShapes,
  extentAt,
  formatShape,
  makeTensor,
  sameShape,
  sizeOf,
  type Padding2d,
  type Shape,
  type Tensor,
} from '../tensor.ts';

/** The same values in another shape of equal size. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  if (sizeOf(shape) !== sizeOf(x.shape))
    throw new RangeError(`reshape: ${formatShape(x.shape)} to ${formatShape(shape)}.`);
  return sameShape(shape, x.shape) ? x : makeTensor({ kind: 'reshape' }, [x], shape);
}

/** Axes in the order of `permutation`. */
export function transpose(x: Tensor, permutation: readonly number[]): Tensor {
  const complete = x.shape.every((_, axis) => permutation.includes(axis));
  if (permutation.length !== x.shape.length || !complete)
    throw new RangeError(`transpose: ${formatShape(permutation)} is no permutation.`);
  const shape = permutation.map((axis) => extentAt(x.shape, axis));
  return makeTensor({ kind: 'transpose', permutation }, [x], shape);
}

/** Repeats x along axes of extent 1 (or missing on the left) to fill `shape`. */
export function broadcast(x: Tensor, shape: Shape): Tensor {
  if (!sameShape(broadcastShapes(x.shape, shape), shape))
    throw new RangeError(`broadcast: ${formatShape(x.shape)} to ${formatShape(shape)}.`);
  return sameShape(x.shape, shape) ? x : makeTensor({ kind: 'broadcast' }, [x], shape);
}

/** Joins tensors along `axis`; all other extents must agree. */
export function concat(parts: readonly Tensor[], axis: number): Tensor {
  const [first] = parts;
  if (!first) throw new RangeError('concat: nothing to join.');
  if (parts.length === 1) return first;
  for (const part of parts) {
    const fits =
      part.shape.length === first.shape.length &&
      part.shape.every((extent, at) => at === axis || extent === first.shape[at]);
    if (!fits)
      throw new RangeError(
        `concat: ${formatShape(first.shape)} and ${formatShape(part.shape)} on axis ${axis}.`,
      );
  }
  const total = parts.reduce((length, part) => length + extentAt(part.shape, axis), 0);
  const shape = first.shape.map((extent, at) => (at === axis ? total : extent));
  return makeTensor({ kind: 'concat', axis }, parts, shape);
}

/** `sizes` elements from `starts`, every `steps`-th (1 by default). */
export function slice(
  x: Tensor,
  starts: readonly number[],
  sizes: readonly number[],
  steps: readonly number[] = starts.map(() => 1),
): Tensor {
  x.shape.forEach((extent, axis) => {
    const last = (starts[axis] ?? NaN) + ((sizes[axis] ?? NaN) - 1) * (steps[axis] ?? NaN);
    if (!((starts[axis] ?? -1) >= 0 && (steps[axis] ?? 0) >= 1 && last < extent))
      throw new RangeError(
        `slice: from ${formatShape(starts)} ${formatShape(sizes)} of ${formatShape(x.shape)}.`,
      );
  });
  return makeTensor({ kind: 'slice', starts, steps }, [x], sizes);
}

/** Zeros before, after and between (`interior`) the elements of each axis. */
export function pad(
  x: Tensor,
  before: readonly number[],
  after: readonly number[],
  interior: readonly number[] = before.map(() => 0),
): Tensor {
  const at = (counts: readonly number[], axis: number): number => {
    const count = counts[axis];
    if (count === undefined || count < 0)
      throw new RangeError(`pad: ${formatShape(counts)} for ${formatShape(x.shape)}.`);
    return count;
  };
  const shape = x.shape.map(
    (extent, axis) => at(before, axis) + extent + (extent - 1) * at(interior, axis) + at(after, axis),
  );
  return makeTensor({ kind: 'pad', before, after, interior }, [x], shape);
}

/** Mirrors the last two axes of [n, c, h, w] about their border elements, which are not repeated. */
export function reflectPad(x: Tensor, padding: Padding2d): Tensor {
  const [top, left, bottom, right] = padding;
  const [n, c, h, w] = [0, 1, 2, 3].map((axis) => extentAt(x.shape, axis)) as [
    number,
    number,
    number,
    number,
  ];
  if (Math.max(top, bottom) >= h || Math.max(left, right) >= w)
    throw new RangeError(`reflectPad: ${formatShape(padding)} does not fit ${formatShape(x.shape)}.`);
  return makeTensor({ kind: 'reflectPad', padding }, [x], [n, c, h + top + bottom, w + left + right]);
}

/** The adjoint of `reflectPad` with the same padding. */
export function reflectFold(y: Tensor, padding: Padding2d): Tensor {
  const [top, left, bottom, right] = padding;
  const shape = [
    extentAt(y.shape, 0),
    extentAt(y.shape, 1),
    extentAt(y.shape, 2) - top - bottom,
    extentAt(y.shape, 3) - left - right,
  ];
  if (Math.max(top, bottom) >= extentAt(shape, 2) || Math.max(left, right) >= extentAt(shape, 3))
    throw new RangeError(`reflectFold: ${formatShape(padding)} does not fit ${formatShape(y.shape)}.`);
  return makeTensor({ kind: 'reflectFold', padding }, [y], shape);
}
