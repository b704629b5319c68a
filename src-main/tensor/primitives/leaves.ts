/** Leaves of the graph: what is fed at run time, and what is fixed when the graph is built. */
import { makeTensor, sizeOf, type DType, type Shape, type Tensor } from '../tensor.ts';

/** A tensor fed at every run under `name`. */
export function input(name: string, shape: Shape, dtype: DType = 'float32'): Tensor {
  return makeTensor({ kind: 'input', name }, [], shape, dtype);
}

/** A tensor of fixed values; Int32Array makes it an index tensor. The data is not copied. */
export function constant(data: Float32Array | Int32Array, shape: Shape): Tensor {
  if (data.length !== sizeOf(shape))
    throw new RangeError(`constant: ${data.length} values for ${sizeOf(shape)}.`);
  return makeTensor({ kind: 'constant', data }, [], shape, data instanceof Int32Array ? 'int32' : 'float32');
}

/** A fixed number of shape []. */
export function scalar(value: number): Tensor {
  return constant(Float32Array.of(value), []);
}

/** x as a fixed value: derivatives do not flow through it. */
export function detach(x: Tensor): Tensor {
  return makeTensor({ kind: 'detach' }, [x], x.shape);
}
