import { add, exp, log, subtract } from '../primitives/elementwise.ts';
import { detach } from '../primitives/leaves.ts';
import { max, sum } from '../primitives/reductions.ts';
import type { Tensor } from '../tensor.ts';

/**
 * exp(x) over its sum along `axis`, as exp(x − log Σ exp x): written so, the derivative needs fewer tensors of x's size than that of a quotient.
 * The largest value is taken off first, so that nothing overflows; it has no part in the derivative.
 */
export function softmax(x: Tensor, axis: number): Tensor {
  const largest = detach(max(x, [axis]));
  const total = log(sum(exp(subtract(x, largest)), [axis]));
  return exp(subtract(x, add(largest, total)));
}
