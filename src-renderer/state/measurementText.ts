/** A measurement in words: its numbers with their units, one line each. */
import { formatMm, formatNumber } from '../lib/format.ts';
import { t } from '../lib/i18n.svelte.ts';
import {
  angleDegrees,
  rectangleMm,
  regionStatistics,
  rulerMm,
  type Measurement,
} from '../lib/measurements.ts';
import type { LoadedVolume } from '../lib/volume.ts';
import { decimalsFor } from '../lib/windowing.ts';

/** Lines for a measurement read on `volume`. */
export function measurementLines(entry: Measurement, volume: LoadedVolume | undefined): readonly string[] {
  if (entry.kind === 'ruler') return [formatMm(rulerMm(entry.points))];
  if (entry.kind === 'angle') {
    return entry.points.length < 3 ? [] : [`${formatNumber(angleDegrees(entry.points), 1)}°`];
  }
  const [width, height] = rectangleMm(entry);
  const size = `${formatNumber(width, 1)} × ${formatMm(height)}`;
  const found = volume ? regionStatistics(volume, entry) : null;
  if (!volume || !found) return [size, t('synthesize.measure.noVoxels')];
  const decimals = decimalsFor(volume.typicalRange[1] - volume.typicalRange[0]) + 1;
  const unit = volume.unit === 'HU' ? ' HU' : '';
  const write = (value: number, digits = decimals): string => `${formatNumber(value, digits)}${unit}`;
  return [
    size,
    t('synthesize.measure.mean', { mean: write(found.mean), deviation: write(found.deviation) }),
    t('synthesize.measure.range', {
      minimum: write(found.minimum, decimals - 1),
      maximum: write(found.maximum, decimals - 1),
    }),
    t('synthesize.measure.count', { count: found.count }),
  ];
}
