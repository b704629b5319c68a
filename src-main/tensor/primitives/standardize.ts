/**
 * Standardisation over the last two axes, with the biased variance: the heart of instance normalisation. It is a primitive because every
 * runtime has it fused, which saves most of the passes over memory that its parts would cost.
 */
import { extentAt, formatShape, makeTensor, type Tensor } from '../tensor.ts';

function checkImages(x: Tensor): void {
  if (x.shape.length !== 4) throw new RangeError(`standardize: ${formatShape(x.shape)} has not four axes.`);
}

/** x [n, c, h, w] with mean 0 and variance 1 for each image and channel; ε is added to the variance. */
export function standardize(x: Tensor, epsilon: number): Tensor {
  checkImages(x);
  return makeTensor({ kind: 'standardize', epsilon }, [x], x.shape);
}

/** 1 / √(variance + ε) of each image and channel, [n, c, 1, 1]. */
export function inverseDeviation(x: Tensor, epsilon: number): Tensor {
  checkImages(x);
  return makeTensor(
    { kind: 'inverseDeviation', epsilon },
    [x],
    [extentAt(x.shape, 0), extentAt(x.shape, 1), 1, 1],
  );
}
