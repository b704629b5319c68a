/**
 * Inverted dropout as an explicit mask (Srivastava et al. 2014): 0 with probability p, else 1/(1 − p), so that the mean stays.
 *
 * A step of the full network needs some fifty million elements, so they come from a 32-bit xorshift (Marsaglia, J. Stat. Softw. 8(14),
 * 2003) written in line: one bit each for p = ½, sixteen for any other p.
 */
import type { Random } from '../../shared/random.ts';
import { sizeOf, type Shape } from '../tensor.ts';

/** A mask of `shape` for p in [0, 1), rounded to 1/65536; it follows from `random`, which is advanced by one draw. */
export function dropoutMask(shape: Shape, probability: number, random: Random): Float32Array {
  if (!(probability >= 0 && probability < 1))
    throw new RangeError(`A dropout probability lies in [0, 1), ${probability} does not.`);
  const mask = new Float32Array(sizeOf(shape));
  const seed = 1 + random.integer(0xffffffff);
  if (probability === 0.5) fillHalf(mask, seed);
  else fill(mask, seed, Math.round(probability * 65536), 1 / (1 - probability));
  return mask;
}

/** 0 or 2 with even odds: a random bit at the place of the exponent's highest bit, which alone is the float 2. */
function fillHalf(mask: Float32Array, seed: number): void {
  const words = new Int32Array(mask.buffer);
  let state = seed;
  for (let start = 0; start < words.length; start += 32) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const end = Math.min(words.length, start + 32);
    for (let at = start, bits = state; at < end; at++, bits >>>= 1) words[at] = (bits & 1) << 30;
  }
}

function fill(mask: Float32Array, seed: number, threshold: number, kept: number): void {
  let state = seed;
  for (let at = 0; at < mask.length; at++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    // The sign bit of threshold − 1 − bits says "kept" without a branch, which the processor could not predict.
    mask[at] = ((threshold - 1 - (state >>> 16)) >>> 31) * kept;
  }
}
