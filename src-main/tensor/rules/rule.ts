/**
 * What differentiation needs to know of a primitive.
 *
 * `jvp`: the tangent of y from the tangents of its inputs (null: zero). It may only use operations that are linear in the tangents.
 * `transpose`: for y linear in input `operand`, the cotangent of that input from the cotangent of y (same shape as the input).
 * Reverse mode is linearise + transpose (Radul et al., "You Only Linearize Once", POPL 2023): no primitive has a backward of its own.
 */
import type { OperationKind, OperationOf, Tensor } from '../tensor.ts';

export type Tangents = readonly (Tensor | null)[];

export interface Rule<K extends OperationKind = OperationKind> {
  jvp(y: Tensor, tangents: Tangents, operation: OperationOf<K>): Tensor | null;
  transpose?(y: Tensor, cotangent: Tensor, operand: number, operation: OperationOf<K>): Tensor;
}

export type Rules<K extends OperationKind> = { readonly [Kind in K]: Rule<Kind> };

/** Input `at` of y, which must exist. */
export function inputOf(y: Tensor, at: number): Tensor {
  const input = y.inputs[at];
  if (!input) throw new RangeError(`${y.operation.kind} has no input ${at}.`);
  return input;
}
