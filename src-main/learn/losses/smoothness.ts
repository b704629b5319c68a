import { add, multiply, subtract } from '../../tensor/primitives/elementwise.ts';
import { slice } from '../../tensor/primitives/layout.ts';
import { extentAt, type Tensor } from '../../tensor/tensor.ts';
import { meanOf } from './pixel.ts';

/** RegGAN's smoothness of a flow [n, 2, h, w]: mean squared first difference down the rows plus that along the columns, shape []. */
export function smoothness(flow: Tensor): Tensor {
  const squaredDifference = (axis: 2 | 3): Tensor => {
    const extent = extentAt(flow.shape, axis);
    const sizes = flow.shape.map((size, at) => (at === axis ? extent - 1 : size));
    const from = (start: 0 | 1): Tensor =>
      slice(flow, flow.shape.map((_, at) => (at === axis ? start : 0)), sizes); // prettier-ignore
    const difference = subtract(from(1), from(0));
    return meanOf(multiply(difference, difference));
  };
  return add(squaredDifference(2), squaredDifference(3));
}
