import { divide, exp, subtract } from '../primitives/elementwise.ts';
import { detach } from '../primitives/leaves.ts';
import { max, sum } from '../primitives/reductions.ts';
import type { Tensor } from '../tensor.ts';

/** exp(x) over its sum along `axis`. The largest value is taken off first, so that nothing overflows; it has no part in the derivative. */
export function softmax(x: Tensor, axis: number): Tensor {
  const powers = exp(subtract(x, detach(max(x, [axis]))));
  return divide(powers, sum(powers, [axis]));
}
