/**
 * The values a window should open with: the 0.5 and 99.5 percentile inside the body.
 *
 * The body of a slice is what has something bright (MR: Otsu's threshold; HU: denser than −500) on all four sides of it, which keeps dark
 * bone in and the air around out. A real body mask of a 300-slice series would take longer than showing it. Eight slices are looked at,
 * on at most 128 × 128 of their pixels: the figures are for display, not for measuring.
 */
import type { VolumeHeader } from '../../api/contract/volumes.ts';
import { percentiles } from '../../imaging/intensity/percentiles.ts';
import { otsuThreshold } from '../../imaging/mask/otsuThreshold.ts';
import type { StoredVolume } from './storedVolume.ts';

const sampledSlices = 8;
const sampledSide = 128;

type Unit = VolumeHeader['unit'];

interface Sample {
  readonly width: number;
  readonly height: number;
  readonly data: Float64Array;
}

/** The range of `volume`, whose values mean `unit`; [0, 1] when it has no finite value. Reads a few slices. */
export async function typicalRange(volume: StoredVolume, unit: Unit): Promise<readonly [number, number]> {
  if (unit === 'label') return [0, 1];
  const samples = await sampleSlices(volume);
  const all = joined(samples.map(({ data }) => data));
  const threshold = bodyThreshold(all, unit);
  const inside = joined(samples.map((sample) => valuesWithin(sample, threshold)));
  const [low = 0, high = 1] = percentiles(inside.length > 0 ? inside : all, [0.5, 99.5]);
  return high > low ? [low, high] : [low, low + 1];
}

function bodyThreshold(values: Float64Array, unit: Unit): number {
  if (unit === 'HU') return -500;
  return unit === 'signal' ? (otsuThreshold(values) ?? -Infinity) : -Infinity;
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

async function sampleSlices(volume: StoredVolume): Promise<Sample[]> {
  const [nx, ny, nz] = volume.grid.size;
  const count = Math.min(nz, sampledSlices);
  const stride = Math.max(1, Math.ceil(Math.max(nx, ny) / sampledSide));
  const [width, height] = [Math.ceil(nx / stride), Math.ceil(ny / stride)];
  const samples: Sample[] = [];
  for (let at = 0; at < count; at++) {
    const slice = await volume.readSlice(Math.floor(((at + 0.5) * nz) / count));
    const data = new Float64Array(width * height);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) data[y * width + x] = slice[(y * nx + x) * stride] ?? NaN;
    samples.push({ width, height, data });
  }
  return samples;
}

/** The values between the outermost pixels above `threshold`, of their row and of their column. */
function valuesWithin({ width, height, data }: Sample, threshold: number): Float64Array {
  const rows = Array.from({ length: height }, () => ({ first: Infinity, last: -Infinity }));
  const columns = Array.from({ length: width }, () => ({ first: Infinity, last: -Infinity }));
  const widen = (span: { first: number; last: number } | undefined, at: number): void => {
    if (span === undefined) return;
    span.first = Math.min(span.first, at);
    span.last = Math.max(span.last, at);
  };
  const isWithin = (span: { first: number; last: number } | undefined, at: number): boolean =>
    span !== undefined && at >= span.first && at <= span.last;
  data.forEach((value, at) => {
    if (!(value > threshold)) return;
    widen(rows[Math.floor(at / width)], at % width);
    widen(columns[at % width], Math.floor(at / width));
  });
  return data.filter(
    (_, at) =>
      isWithin(rows[Math.floor(at / width)], at % width) &&
      isWithin(columns[at % width], Math.floor(at / width)),
  );
}
