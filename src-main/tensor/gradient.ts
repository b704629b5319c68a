/**
 * Reverse mode: linearise (forward mode with symbolic tangents), then transpose the linear graph from its outputs to those tangents.
 */
import { ancestors } from './ancestors.ts';
import { jvp } from './jvp.ts';
import { add } from './primitives/elementwise.ts';
import { broadcast } from './primitives/layout.ts';
import { input, scalar } from './primitives/leaves.ts';
import { ruleOf } from './rules/ruleOf.ts';
import { formatShape, sameShape, sizeOf, type Tensor } from './tensor.ts';

/** Cotangents of `wrt` for given cotangents of `outputs` (same shapes as the outputs). Zeros where nothing depends. */
export function vjp(
  outputs: readonly Tensor[],
  wrt: readonly Tensor[],
  cotangents: readonly Tensor[],
): Tensor[] {
  const tangentInputs = wrt.map((tensor, at) => input(`tangent ${at}`, tensor.shape));
  const tangentOutputs = jvp(outputs, wrt, tangentInputs);
  const cotangentOf = new Map<Tensor, Tensor>();
  const accumulate = (tensor: Tensor, cotangent: Tensor): void => {
    if (!sameShape(tensor.shape, cotangent.shape))
      throw new Error(
        `The cotangent ${formatShape(cotangent.shape)} of ${tensor.operation.kind} is not ${formatShape(tensor.shape)}.`,
      );
    const held = cotangentOf.get(tensor);
    cotangentOf.set(tensor, held ? add(held, cotangent) : cotangent);
  };
  tangentOutputs.forEach((tangent, at) => {
    const cotangent = cotangents[at];
    if (tangent && cotangent) accumulate(tangent, cotangent);
  });

  const linear = linearPart(
    tangentOutputs.filter((tangent) => tangent !== null),
    new Set(tangentInputs),
  );
  for (const tensor of [...linear].reverse()) {
    const cotangent = cotangentOf.get(tensor);
    if (!cotangent || tensor.inputs.length === 0) continue;
    tensor.inputs.forEach((operand, at) => {
      if (linear.has(operand)) accumulate(operand, transposed(tensor, cotangent, at));
    });
    cotangentOf.delete(tensor);
  }
  return tangentInputs.map((tangent) => cotangentOf.get(tangent) ?? broadcast(scalar(0), tangent.shape));
}

/** Gradients of a loss of one element with respect to `wrt`, in their shapes. */
export function gradient(loss: Tensor, wrt: readonly Tensor[]): Tensor[] {
  if (sizeOf(loss.shape) !== 1)
    throw new RangeError(`gradient: the loss ${formatShape(loss.shape)} is no scalar.`);
  return vjp([loss], wrt, [broadcast(scalar(1), loss.shape)]);
}

/** The tensors above `outputs` that depend on `roots`, in topological order. */
function linearPart(outputs: readonly Tensor[], roots: ReadonlySet<Tensor>): ReadonlySet<Tensor> {
  const dependent = new Set<Tensor>();
  for (const tensor of ancestors(outputs))
    if (roots.has(tensor) || tensor.inputs.some((input) => dependent.has(input))) dependent.add(tensor);
  return dependent;
}

function transposed(tensor: Tensor, cotangent: Tensor, operand: number): Tensor {
  const rule = ruleOf(tensor.operation.kind);
  if (!rule.transpose) throw new Error(`${tensor.operation.kind} is not linear, so it cannot be transposed.`);
  return rule.transpose(tensor, cotangent, operand, tensor.operation);
}
