/**
 * Even slices for a display set whose own are not: each is the linear blend of the two acquired slices between which it lies. Done only
 * where a person asked for it, as the blend of slices far apart shows anatomy that nobody has measured.
 */
import { affineSteps, type Vector3 } from '../../shared/affine.ts';
import type { SeriesGroup } from './groupSeries.ts';
import { gridOf, positionAlongNormal, stackFindings, type EvenStack } from './sliceGeometry.ts';

/** A gap of so many median steps is bridged: one slice is missing. */
const widestGapSteps = 2.1;
/** And no gap wider than this: between such slices thin bone begins and ends. */
const widestGapMm = 10;
/** How far a slice may lie beside the line from the first to the last one, as a share of the step. */
const besideShare = 0.05;

/** Even slices at (nearly) the median step; undefined where nothing is uneven, a gap is too wide or slices lie beside the stack. */
export function evenStack({ headers, problem }: SeriesGroup): EvenStack | undefined {
  const [first] = headers;
  const last = headers.at(-1);
  if (problem?.code !== 'SERIES_MISSING_SLICE' || !first || !last || headers.length < 3) return undefined;
  const places = headers.map((header) => positionAlongNormal(header) - positionAlongNormal(first));
  const steps = places.slice(1).map((place, at) => place - (places[at] ?? NaN));
  const ordered = [...steps].sort((a, b) => a - b);
  const median = ordered[Math.floor((ordered.length - 1) / 2)] ?? NaN;
  const [smallestMm = NaN, largestMm = NaN] = [ordered[0], ordered.at(-1)];
  if (!(largestMm <= Math.min(widestGapSteps * median, widestGapMm))) return undefined;

  const length = places.at(-1) ?? NaN;
  const [x0, y0, z0] = first.imagePositionPatient;
  const [x1, y1, z1] = last.imagePositionPatient;
  const way: Vector3 = [x1 - x0, y1 - y0, z1 - z0];
  const isBeside = headers.some(({ imagePositionPatient: [x, y, z] }, k) => {
    const share = (places[k] ?? NaN) / length;
    const beside = Math.hypot(x - x0 - share * way[0], y - y0 - share * way[1], z - z0 - share * way[2]);
    return !(beside <= besideShare * median);
  });
  if (isBeside) return undefined;

  const count = Math.round(length / median);
  const step: Vector3 = [way[0] / count, way[1] / count, way[2] / count];
  const blends = Array.from({ length: count + 1 }, (_, k) => {
    const place = (k * length) / count;
    const after = places.findIndex((one) => one > place);
    const before = after < 0 ? headers.length - 2 : after - 1;
    const share = (place - (places[before] ?? NaN)) / (steps[before] ?? NaN);
    return { before, share: Math.min(1, Math.max(0, share)) };
  });
  return {
    geometry: { grid: gridOf(first, step, count + 1), sliceSpacingMm: Math.hypot(...step) },
    blends,
    distanceMm: length / count,
    smallestMm,
    largestMm,
  };
}

/** The group with even slices, and findings that say so and what is odd about them; the group itself where there is nothing to even out or it cannot be done. */
export function evened(group: SeriesGroup): SeriesGroup {
  const stack = evenStack(group);
  if (!stack) return group;
  const { problem: _, ...rest } = group;
  const details = {
    spacing: stack.distanceMm.toFixed(2),
    smallest: stack.smallestMm.toFixed(2),
    largest: stack.largestMm.toFixed(2),
  };
  return {
    ...rest,
    geometry: stack.geometry,
    evened: stack,
    findings: [
      ...group.findings,
      { code: 'series-evened', severity: 'warning', subject: group.label, details },
      ...stackFindings(affineSteps(stack.geometry.grid.indexToLps)[2], group.headers, group.label),
    ],
  };
}

/** Acquired slices of `sliceLength` values blended to even ones; integers stay integers. */
export function blendSlices<T extends Int16Array | Float32Array>(
  acquired: T,
  sliceLength: number,
  blends: EvenStack['blends'],
): T {
  const length = blends.length * sliceLength;
  const even = acquired instanceof Int16Array ? new Int16Array(length) : new Float32Array(length);
  const settle = acquired instanceof Int16Array ? Math.round : (value: number): number => value;
  for (const [k, { before, share }] of blends.entries()) {
    const from = before * sliceLength;
    for (let at = 0; at < sliceLength; at++) {
      const [low, high] = [acquired[from + at] ?? 0, acquired[from + sliceLength + at] ?? 0];
      even[k * sliceLength + at] = settle(low + share * (high - low));
    }
  }
  return even as T;
}
