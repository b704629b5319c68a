/** Pixel losses of images [n, 1, h, w] in [−1, 1]. */
import { abs, multiply, subtract } from '../../tensor/primitives/elementwise.ts';
import { mean, sum } from '../../tensor/primitives/reductions.ts';
import { reshape } from '../../tensor/primitives/layout.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** |prediction − target| of every pixel: the abstract's ‖y − f‖ₚ with p = 1. */
export function absoluteError(prediction: Tensor, target: Tensor): Tensor {
  return abs(subtract(prediction, target));
}

/** Mean of a map over all pixels, shape []. */
export function meanOf(map: Tensor): Tensor {
  return reshape(mean(map), []);
}

/** Σ w·ℓ over all pixels, shape []; with Σ w = 1 it has the scale of a mean. */
export function weightedSum(weights: Tensor, map: Tensor): Tensor {
  return reshape(sum(multiply(weights, map)), []);
}
