/**
 * The virtual step that tells a pixel's use. With the abstract's plain gradient step on the weighted pixel losses alone, θ̂(0) = θ and nothing
 * is to be computed here. With the generator's real step (`adam`), losses that ε does not multiply and Adam's momentum move θ̂(0) away
 * from θ, and Adam scales each parameter's change: u = ⟨P ∇V(θ̂(0)), ∇ℓ_k(θ)⟩ (Ren et al. 2018, with Adam inside), still one forward-mode
 * pass along P ∇V.
 *
 * P is the derivative of Adam's step by the gradient at ε = 0, with m′ = β₁m + (1 − β₁)g, v′ = β₂v + (1 − β₂)g², s = √(c₂v′), all exact:
 * P ∝ [(1 − β₁)(c₂β₂v + δs) − c₂(1 − β₂)β₁ m g] / (s (s + δ)²), δ Adam's ε. The common factor α c₁ cancels in the weights.
 */
import { add, divide, maximum, multiply, sqrt, subtract } from '../../tensor/primitives/elementwise.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { parameter } from '../networks/parameterSpec.ts';
import { adamConstants } from '../optimizers/adam.ts';
import { generatorObjective, type ObjectiveConfig } from './generatorObjective.ts';
import type { BatchExtents } from './metaGradientStep.ts';
import { gradientsOf, updateState } from './networkState.ts';

/** Keeps the division finite where a parameter has had no gradient at all; P is then (1 − β₁)/δ. */
const least = 1e-20;

/** Inputs: those of the training step but for `direction.*`. Outputs: θ̂(0) as `parameter.*` and P as `scale.*`. */
export function innerStep(config: ObjectiveConfig, extents: BatchExtents): Record<string, Tensor> {
  const { generator, scalars, rest } = generatorObjective(config, extents);
  const [gradients = {}] = gradientsOf(rest, [generator]);
  const { value } = updateState(generator, gradients, scalars);
  const outputs: Record<string, Tensor> = {};
  for (const { name } of generator.specs) {
    outputs[`parameter.${name}`] = parameter(value, name);
    outputs[`scale.${name}`] = adamScale(
      parameter(gradients, name),
      parameter(generator.first, name),
      parameter(generator.second, name),
      scalars.secondCorrection,
    );
  }
  return outputs;
}

function adamScale(gradient: Tensor, first: Tensor, second: Tensor, correction: Tensor): Tensor {
  const { beta1, beta2, epsilon } = adamConstants;
  const before = multiply(second, multiply(correction, beta2));
  const added = multiply(multiply(gradient, gradient), multiply(correction, 1 - beta2));
  const root = sqrt(add(before, added));
  const scale = add(root, epsilon);
  const crossed = multiply(multiply(multiply(first, gradient), correction), (1 - beta2) * beta1);
  const bent = divide(subtract(multiply(before, 1 - beta1), crossed), maximum(root, least));
  return divide(divide(add(bent, (1 - beta1) * epsilon), scale), scale);
}
