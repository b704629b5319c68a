/**
 * Adam (Kingma & Ba 2015) as a part of the graph: one update of one parameter. Everything that changes from step to step is an input:
 * `learningRate`, and the bias corrections `firstCorrection` = 1/(1 − β₁ᵗ) and `secondCorrection` = 1/(1 − β₂ᵗ).
 */
import { add, divide, multiply, sqrt, subtract } from '../../tensor/primitives/elementwise.ts';
import type { Tensor } from '../../tensor/tensor.ts';

export const adamConstants = { beta1: 0.5, beta2: 0.999, epsilon: 1e-8 } as const;

export interface AdamScalars {
  readonly learningRate: Tensor;
  readonly firstCorrection: Tensor;
  readonly secondCorrection: Tensor;
}

export interface AdamUpdate {
  readonly value: Tensor;
  readonly first: Tensor;
  readonly second: Tensor;
}

/** New value and moments of a parameter; all of its shape. */
export function adamUpdate(
  { value, first, second }: AdamUpdate,
  gradient: Tensor,
  { learningRate, firstCorrection, secondCorrection }: AdamScalars,
): AdamUpdate {
  const { beta1, beta2, epsilon } = adamConstants;
  const newFirst = add(multiply(first, beta1), multiply(gradient, 1 - beta1));
  const newSecond = add(multiply(second, beta2), multiply(multiply(gradient, gradient), 1 - beta2));
  // α m̂ / (√v̂ + ε) with the corrections moved onto scalars, so that fewer passes go over the parameters.
  const root = sqrt(secondCorrection);
  const scale = add(sqrt(newSecond), divide(epsilon, root));
  const stepSize = divide(multiply(learningRate, firstCorrection), root);
  return {
    value: subtract(value, multiply(stepSize, divide(newFirst, scale))),
    first: newFirst,
    second: newSecond,
  };
}

/** The scalars' values for step `t` ≥ 1. */
export function adamCorrections(t: number): { firstCorrection: number; secondCorrection: number } {
  const { beta1, beta2 } = adamConstants;
  return { firstCorrection: 1 / (1 - beta1 ** t), secondCorrection: 1 / (1 - beta2 ** t) };
}
