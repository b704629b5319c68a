/**
 * Otsu's threshold (N. Otsu, IEEE Trans. SMC 9, 1979): the split of a histogram with the largest between-class variance.
 * The histogram has 256 bins from the smallest value to the 99.5 percentile, so that a few bright outliers (vessels, border
 * artefacts) do not flatten it. Where an empty gap makes many splits equally good, the threshold lies in its middle.
 */
import { percentiles } from '../intensity/percentiles.ts';

const BINS = 256;

/** The threshold (values above it are the bright class), or null when all finite values are equal or there are none. */
export function otsuThreshold(values: ArrayLike<number>): number | null {
  const [low, high] = percentiles(values, [0, 99.5]);
  const top = high === low ? percentiles(values, [100])[0] : high;
  if (low === undefined || top === undefined || !(top > low)) return null;
  const histogram = new Float64Array(BINS);
  const width = (top - low) / BINS;
  let total = 0;
  let sum = 0;
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as number;
    if (!Number.isFinite(value)) continue;
    const bin = Math.min(BINS - 1, Math.floor((value - low) / width));
    histogram[bin] = (histogram[bin] as number) + 1;
    total++;
    sum += bin;
  }
  let best = -1;
  let firstBin = 0;
  let lastBin = 0;
  let darkCount = 0;
  let darkSum = 0;
  for (let bin = 0; bin < BINS - 1; bin++) {
    darkCount += histogram[bin] as number;
    darkSum += bin * (histogram[bin] as number);
    const brightCount = total - darkCount;
    if (darkCount === 0 || brightCount === 0) continue;
    const apart = darkSum / darkCount - (sum - darkSum) / brightCount;
    const variance = darkCount * brightCount * apart * apart;
    if (variance > best) {
      best = variance;
      firstBin = bin;
    }
    if (variance === best) lastBin = bin;
  }
  return low + ((firstBin + lastBin) / 2 + 1) * width;
}
