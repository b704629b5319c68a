/** Inverted dropout as an explicit mask (Srivastava et al. 2014): 0 with probability p, else 1/(1 − p), so that the mean stays. */
import type { Random } from '../../shared/random.ts';
import { sizeOf, type Shape } from '../tensor.ts';

/**
 * A mask of `shape`; the same for the same state of `random`, which is advanced by one draw. Millions of elements are needed per
 * step, so each takes 16 bits of a 32-bit xorshift (Marsaglia 2003) seeded from `random`; p is rounded to 1/65536.
 */
export function dropoutMask(shape: Shape, probability: number, random: Random): Float32Array {
  const mask = new Float32Array(sizeOf(shape));
  const kept = 1 / (1 - probability);
  const threshold = Math.round(probability * 65536);
  let state = random.integer(0xffffffff) + 1;
  for (let at = 0; at < mask.length; at += 2) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    mask[at] = (state & 0xffff) < threshold ? 0 : kept;
    mask[at + 1] = state >>> 16 < threshold ? 0 : kept;
  }
  return mask;
}
