/**
 * Forward mode as a graph transformation: the tangents of some outputs from the tangents of some tensors they depend on.
 * One pass of the result costs about as much as two evaluations of the outputs and yields a derivative for every output element, which
 * is what the meta weight map needs (one direction, all pixels).
 */
import { ancestors } from './ancestors.ts';
import { ruleOf } from './rules/ruleOf.ts';
import type { Tensor } from './tensor.ts';

/** Tangents of `outputs` when each of `wrt` moves along `tangents`; null where an output does not depend on them. */
export function jvp(
  outputs: readonly Tensor[],
  wrt: readonly Tensor[],
  tangents: readonly Tensor[],
): (Tensor | null)[] {
  const tangentOf = new Map<Tensor, Tensor>();
  wrt.forEach((tensor, at) => {
    const tangent = tangents[at];
    if (tangent) tangentOf.set(tensor, tangent);
  });
  for (const tensor of ancestors(outputs)) {
    if (tangentOf.has(tensor)) continue;
    const incoming = tensor.inputs.map((input) => tangentOf.get(input) ?? null);
    if (incoming.every((tangent) => tangent === null)) continue;
    const tangent = ruleOf(tensor.operation.kind).jvp(tensor, incoming, tensor.operation);
    if (tangent) tangentOf.set(tensor, tangent);
  }
  return outputs.map((output) => tangentOf.get(output) ?? null);
}
