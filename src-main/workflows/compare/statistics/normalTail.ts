/**
 * The upper tail of the standard normal distribution, Q(z) = ½ · erfc(z / √2): the power series of erf near 0, Lentz's continued fraction
 * of erfc further out (Abramowitz & Stegun 7.1.6 and 7.1.14). Relative error below 1e-12.
 */

/** P(Z > z) for z ≥ 0; below 0 by symmetry. */
export function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  const x = z / Math.SQRT2;
  return (x < 2 ? 1 - erfSeries(x) : erfcFraction(x)) / 2;
}

function erfSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** erfc(x) = e^(−x²)/√π · 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + …)))), from the inside outwards. */
function erfcFraction(x: number): number {
  let fraction = x;
  for (let n = 120; n >= 1; n--) fraction = x + n / 2 / fraction;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
}
