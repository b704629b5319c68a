/** Least-squares GAN losses (Mao et al. 2017) as pGAN uses them: mean squared distance of the logits to 1 or 0. */
import { multiply, subtract } from '../../tensor/primitives/elementwise.ts';
import { mean } from '../../tensor/primitives/reductions.ts';
import { reshape } from '../../tensor/primitives/layout.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** Mean squared distance of the logits to `target`, shape []. */
export function leastSquares(logits: Tensor, target: 0 | 1): Tensor {
  const distance = target === 0 ? logits : subtract(logits, target);
  return reshape(mean(multiply(distance, distance)), []);
}
