import { add, divide, multiply, sqrt } from '../primitives/elementwise.ts';
import { sum } from '../primitives/reductions.ts';
import type { Tensor } from '../tensor.ts';

/** x over √(Σx² + ε²) along `axis`: length 1, and 0 with a finite derivative where x is 0. */
export function normaliseLength(x: Tensor, axis: number, epsilon: number): Tensor {
  return divide(x, sqrt(add(sum(multiply(x, x), [axis]), epsilon * epsilon)));
}
