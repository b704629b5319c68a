/** Gather and scatter-add along one axis with a vector of indices; each is the other's adjoint. Indices are fed, fixed or computed. */
import { extentAt, formatShape, makeTensor, type Tensor } from '../tensor.ts';

function checkIndices(indices: Tensor, what: string): number {
  if (indices.dtype !== 'int32' || indices.shape.length !== 1)
    throw new RangeError(`${what}: indices must be an int32 vector, not ${formatShape(indices.shape)}.`);
  return extentAt(indices.shape, 0);
}

/** Whole numbers as indices for `gather` and `scatterAdd`; fractions are cut towards 0, derivatives do not flow through. */
export function toIndex(x: Tensor): Tensor {
  return makeTensor({ kind: 'toIndex' }, [x], x.shape, 'int32');
}

/** The slices of x at `indices` [k] along `axis`, which gets the extent k. Indices lie in [0, extent). */
export function gather(x: Tensor, indices: Tensor, axis: number): Tensor {
  const count = checkIndices(indices, 'gather');
  extentAt(x.shape, axis);
  return makeTensor(
    { kind: 'gather', axis },
    [x, indices],
    x.shape.map((extent, at) => (at === axis ? count : extent)),
  );
}

/** Zeros with extent `size` along `axis`, and the slices of x [.., k, ..] added at `indices` [k]; equal indices add up. */
export function scatterAdd(x: Tensor, indices: Tensor, axis: number, size: number): Tensor {
  const count = checkIndices(indices, 'scatterAdd');
  if (extentAt(x.shape, axis) !== count)
    throw new RangeError(`scatterAdd: ${count} indices for ${formatShape(x.shape)} on axis ${axis}.`);
  return makeTensor(
    { kind: 'scatterAdd', axis },
    [x, indices],
    x.shape.map((extent, at) => (at === axis ? size : extent)),
  );
}
