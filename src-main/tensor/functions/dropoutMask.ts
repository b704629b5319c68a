/**
 * Inverted dropout as an explicit mask (Srivastava et al. 2014): 0 with probability p, else 1/(1 − p), so that the mean stays.
 * One 32-bit draw decides about two elements, 16 bits each: drawing is what a mask of millions of elements costs.
 */
import type { Random } from '../../shared/random.ts';
import { sizeOf, type Shape } from '../tensor.ts';

/** A mask of `shape`; `random` is advanced once per two elements. The probability lies in [0, 1) and is met to 2⁻¹⁶. */
export function dropoutMask(shape: Shape, probability: number, random: Random): Float32Array {
  if (!(probability >= 0 && probability < 1))
    throw new RangeError(`A dropout probability lies in [0, 1), ${probability} does not.`);
  const mask = new Float32Array(sizeOf(shape));
  const kept = 1 / (1 - probability);
  const threshold = Math.round(probability * 65536);
  // The sign bit of threshold − 1 − bits says "kept" without a branch, which the processor could not predict.
  const element = (bits: number): number => ((threshold - 1 - bits) >>> 31) * kept;
  for (let at = 0; at < mask.length; at += 2) {
    const bits = random.uniform() * 4294967296;
    mask[at] = element(bits & 0xffff);
    if (at + 1 < mask.length) mask[at + 1] = element(bits >>> 16);
  }
  return mask;
}
