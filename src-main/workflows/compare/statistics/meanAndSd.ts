/** Mean and sample standard deviation (divided by n − 1). */
export interface MeanAndSd {
  readonly n: number;
  /** Null without values. */
  readonly mean: number | null;
  /** Null below two values. */
  readonly sd: number | null;
}

export function meanAndSd(values: readonly number[]): MeanAndSd {
  const n = values.length;
  if (n === 0) return { n, mean: null, sd: null };
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { n, mean, sd: n > 1 ? Math.sqrt(squares / (n - 1)) : null };
}
