/**
 * Meta-learned pixel weights (the abstract's equations; Ren et al., ICML 2018).
 *
 * Every training pixel k gets an ε_k in front of its loss ℓ_k; u_k = −η ∂V/∂ε_k at ε = 0 says how much trusting it would lower the
 * loss V on the well-registered cases after one step. At ε = 0 this is ηα ⟨∇V, ∇ℓ_k⟩ exactly: the directional derivative of ℓ_k
 * along ∇V, so one forward-mode pass gives all pixels. ηα is a common factor and cancels in w; here it is 1.
 */
import { conv2d, padAll } from '../../tensor/primitives/convolution.ts';
import { add, divide, multiply, relu, step, subtract } from '../../tensor/primitives/elementwise.ts';
import { reshape } from '../../tensor/primitives/layout.ts';
import { constant } from '../../tensor/primitives/leaves.ts';
import { sum } from '../../tensor/primitives/reductions.ts';
import { jvp } from '../../tensor/jvp.ts';
import { sizeOf, type Shape, type Tensor } from '../../tensor/tensor.ts';
import { parameter, type ParameterTensors } from '../networks/parameterSpec.ts';

/** u [n, 1, h, w]: the derivative of each pixel's loss along `direction` (∇V, or a preconditioned ∇V). */
export function rawWeights(
  pixelLoss: Tensor,
  parameters: ParameterTensors,
  direction: ParameterTensors,
): Tensor {
  const names = Object.keys(parameters);
  const [u] = jvp(
    [pixelLoss],
    names.map((name) => parameter(parameters, name)),
    names.map((name) => parameter(direction, name)),
  );
  if (!u) throw new Error('The pixel loss does not depend on the parameters.');
  return u;
}

/** w = max(u, 0) / Σ max(u, 0) over the whole mini-batch; all zero where no u is positive. */
export function normaliseWeights(u: Tensor): Tensor {
  const positive = relu(u);
  const total = reshape(sum(positive), []);
  return divide(positive, add(total, subtract(1, step(total))));
}

/** Mean over a size×size window; at the border over the part inside the image. An extension of the abstract: single maps are noisy. */
export function smoothWeights(u: Tensor, size: number): Tensor {
  if (size === 1) return u;
  const window = constant(new Float32Array(size * size).fill(1), [1, 1, size, size]);
  const options = { padding: padAll((size - 1) / 2) };
  const inside = constant(countInside(u.shape, size), [1, 1, ...u.shape.slice(2)]);
  return multiply(conv2d(u, window, options), inside);
}

/** 1 / (pixels of the window inside the image) for every pixel of [h, w]. */
function countInside(shape: Shape, size: number): Float32Array {
  const [h = 1, w = 1] = shape.slice(2);
  const reach = (size - 1) / 2;
  const span = (at: number, extent: number): number =>
    Math.min(extent - 1, at + reach) - Math.max(0, at - reach) + 1;
  return Float32Array.from(
    { length: sizeOf([h, w]) },
    (_, index) => 1 / (span(Math.floor(index / w), h) * span(index % w, w)),
  );
}
