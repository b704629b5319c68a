import type { Tensor } from './tensor.ts';

/** All tensors that `outputs` need, in topological order (inputs first). */
export function ancestors(outputs: readonly Tensor[]): Tensor[] {
  const seen = new Set<Tensor>();
  const stack = [...outputs];
  for (let tensor = stack.pop(); tensor; tensor = stack.pop()) {
    if (seen.has(tensor)) continue;
    seen.add(tensor);
    stack.push(...tensor.inputs);
  }
  return [...seen].sort((a, b) => a.id - b.id);
}
