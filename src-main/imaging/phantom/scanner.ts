/**
 * What differs between the MR acquisitions of a phantom cohort: gain and receive field always; with variety also the contrast between
 * tissues (other echo and repetition times), their texture's visibility and the noise. Signals are those of `tissues.ts`, fat = 1.
 */
import { createRandom, type Random } from '../../shared/random.ts';
import { tissues } from './tissues.ts';

export interface PhantomScanner {
  /** Arbitrary units per unit of signal. */
  readonly gain: number;
  /** Logarithm of the receive field: slopes along x, y, z and a dome, over 180, 110 and 90 mm. */
  readonly field: { readonly slope: readonly [number, number, number]; readonly dome: number };
  /** Deviation of the noise in each of both channels. */
  readonly noise: number;
  /** The signal of a tissue (label) whose plain T1-weighted signal is given. */
  signal(label: number, plain: number): number;
}

const plainNoise = 0.016;
/** At full variety: how far the curve of contrast bends, a tissue's own signal departs (natural logarithm, deviation), noise and field change. */
const bend = 0.35;
const ownDeviation = 0.14;
const noiseFactor = 2.2;
const fieldFactor = 1.5;

/** Draws the scanner of a case from its stream; `variety` 0 (one protocol for all) to 1 (protocols of several centres). */
export function drawScanner(random: Random, seed: number, variety: number): PhantomScanner {
  const gain = 700 + 500 * random.uniform();
  const stretch = 1 + (fieldFactor - 1) * variety;
  const slope = [random.normal() * 0.1, random.normal() * 0.1, random.normal() * 0.06] as const;
  const dome = 0.05 + 0.12 * random.uniform();
  const field = {
    slope: [slope[0] * stretch, slope[1] * stretch, slope[2] * stretch] as const,
    dome: dome * stretch,
  };
  if (variety === 0) return { gain, field, noise: plainNoise, signal: (_, plain) => plain };

  // A stream of its own, so that a cohort without variety keeps its images.
  const own = createRandom(seed + 707);
  const exponent = Math.exp(variety * bend * (2 * own.uniform() - 1));
  const noise = plainNoise * noiseFactor ** (variety * (2 * own.uniform() - 1));
  const factors = Object.values(tissues).map(() => Math.exp(variety * ownDeviation * own.normal()));
  return {
    gain,
    field,
    noise,
    signal: (label, plain) => Math.max(0, plain) ** exponent * (factors[label] ?? 1),
  };
}
