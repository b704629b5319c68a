/** What each slice of a plane contains, in words and as the shape of its rail. */
import { percentiles } from '../../src-main/imaging/intensity/percentiles.ts';
import { formatHu, formatPercent } from './format.ts';

export interface RailValues {
  /** `bone`: share of the slice at or above 250 HU; `error`: mean |sCT − CT| in its tissue, HU. */
  readonly kind: 'bone' | 'error';
  /** One per slice of the plane, in the plane's own order; NaN where there is nothing to say. */
  readonly values: readonly number[];
}

/** `41 HU`, `3.2 %`; a dash where a slice has no value. */
export function formatRailValue({ kind, values }: RailValues, slice: number): string {
  const value = values[slice] ?? NaN;
  if (Number.isNaN(value)) return '–';
  return kind === 'error' ? formatHu(value) : formatPercent(value, 1);
}

/**
 * The values as widths between 0 and 1. Bone counts from none; errors from the smallest to the 90th percentile, since all slices have
 * some and the few that graze the skin would dwarf the rest.
 */
export function railWidths({ kind, values }: RailValues): readonly number[] {
  const [lowest = 0, highest = 0] = percentiles(values, kind === 'error' ? [0, 90] : [0, 100]);
  const from = kind === 'error' ? lowest : 0;
  // What has an error is never narrower than a hair, so that it differs from what has none.
  const least = kind === 'error' ? 0.15 : 0;
  return values.map((value) => {
    if (Number.isNaN(value)) return 0;
    const share = highest > from ? Math.min(1, (value - from) / (highest - from)) : Number(value > 0);
    return least + (1 - least) * share;
  });
}
