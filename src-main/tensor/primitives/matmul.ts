import { extentAt, formatShape, makeTensor, sameShape, type Tensor } from '../tensor.ts';

/** Batched matrix product: [..., m, k] × [..., k, n] → [..., m, n]; the leading axes must be equal. */
export function matmul(a: Tensor, b: Tensor): Tensor {
  const rank = a.shape.length;
  const batch = a.shape.slice(0, -2);
  if (
    rank < 2 ||
    b.shape.length !== rank ||
    !sameShape(batch, b.shape.slice(0, -2)) ||
    a.shape[rank - 1] !== b.shape[rank - 2]
  )
    throw new RangeError(`matmul: ${formatShape(a.shape)} × ${formatShape(b.shape)}.`);
  return makeTensor(
    { kind: 'matmul' },
    [a, b],
    [...batch, extentAt(a.shape, rank - 2), extentAt(b.shape, rank - 1)],
  );
}
