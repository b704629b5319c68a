/**
 * Where the slices of a display set lie, whether they are evenly spaced, and the voxel grid they span.
 *
 * Source: DICOM PS3.3 C.7.6.2.1.1 (image plane). With unit row direction r (+i) and column direction c (+j), the normal is
 * r × c; slices ascend along it, so that the grid is always right-handed. The k axis is the mean step between slice
 * positions, not the normal, which keeps tilted (sheared) stacks exact. Slice positions come from Image Position (Patient)
 * alone: Slice Location, Slice Thickness and Spacing Between Slices are often wrong.
 */
import type { Affine, Vector3 } from '../../shared/affine.ts';
import { AppError } from '../../shared/appError.ts';
import type { Finding } from '../../shared/finding.ts';
import { planeStack } from '../../shared/planeStack.ts';
import type { Grid } from '../../shared/volume.ts';
import { nameFile, nameFiles } from './nameFiles.ts';
import type { DicomHeader } from './readDicomHeader.ts';

/** Two images closer than this along the normal lie at one place. */
export const samePlaceMm = 0.01;
/** How far a slice may lie from its even position: as a share of the step (scanners round positions), at least 0.02 mm. */
const unevenShare = 0.05;
const unevenMm = 0.02;
/** A step this far from the normal (degrees) is reported as a tilt. */
const notableTiltDegrees = 0.5;

export interface SliceGeometry {
  readonly grid: Grid;
  /** Mean distance between slice centres, mm: in a tilted stack more than that between their planes (`planeStack`). */
  readonly sliceSpacingMm: number;
}

/** Even slices in the place of uneven ones (`evenStack.ts`). */
export interface EvenStack {
  readonly geometry: SliceGeometry;
  /** For every even slice the acquired one before it, and the share of the one after that. */
  readonly blends: readonly { readonly before: number; readonly share: number }[];
  /** Between the planes of neighbouring even slices, mm. */
  readonly distanceMm: number;
  /** The acquired slices' distances, mm. */
  readonly smallestMm: number;
  readonly largestMm: number;
}

export interface InspectedSlices {
  readonly geometry?: SliceGeometry;
  readonly problem?: AppError;
  readonly findings: readonly Finding[];
}

/** Unit normal of the image plane. */
export function imageNormal([rx, ry, rz, cx, cy, cz]: DicomHeader['imageOrientationPatient']): Vector3 {
  return [ry * cz - rz * cy, rz * cx - rx * cz, rx * cy - ry * cx];
}

/** Signed distance of the image from the origin along its normal, mm. */
export function positionAlongNormal(header: DicomHeader): number {
  const [x, y, z] = header.imagePositionPatient;
  const [nx, ny, nz] = imageNormal(header.imageOrientationPatient);
  return x * nx + y * ny + z * nz;
}

/** Checks slices sorted along the normal. `series` names them in messages. */
export function inspectSlices(sorted: readonly DicomHeader[], series: string): InspectedSlices {
  const [header] = sorted;
  const last = sorted.at(-1);
  if (!header || !last) return { findings: [] };
  if (sorted.length === 1) return inspectSingle(header, series);

  const places = sorted.map(positionAlongNormal);
  const steps = places.slice(1).map((place, at) => place - (places[at] ?? NaN));
  const problem = unevenSteps(steps, sorted, series);
  if (problem) return { problem, findings: [] };

  const [x0, y0, z0] = header.imagePositionPatient;
  const [x1, y1, z1] = last.imagePositionPatient;
  const count = sorted.length - 1;
  const step: Vector3 = [(x1 - x0) / count, (y1 - y0) / count, (z1 - z0) / count];
  const stepMm = Math.hypot(...step);
  const offLine = sorted.map(({ imagePositionPatient: [x, y, z] }, k) =>
    Math.hypot(x - x0 - k * step[0], y - y0 - k * step[1], z - z0 - k * step[2]),
  );
  const worst = offLine.reduce((most, mm) => Math.max(most, mm), 0);
  const allowed = Math.max(unevenMm, unevenShare * stepMm);
  if (worst > allowed) {
    const strays = sorted.filter((_, k) => (offLine[k] ?? 0) > allowed);
    const reason = `slice positions stray ${worst.toFixed(2)} mm from an even stack: ${nameFiles(strays)}`;
    return { problem: new AppError('SERIES_MIXED', { path: series, reason }), findings: [] };
  }
  return {
    geometry: { grid: gridOf(header, step, sorted.length), sliceSpacingMm: stepMm },
    findings: stackFindings(step, sorted, series),
  };
}

/**
 * What is odd about slices each `step` (mm) after the one before: thicker than they are apart (usual in CT, and worth knowing in a volume
 * that is resampled), or stacked at an angle.
 */
export function stackFindings(step: Vector3, sorted: readonly DicomHeader[], series: string): Finding[] {
  const [header] = sorted;
  if (!header) return [];
  const [rx, ry, rz, cx, cy, cz] = header.imageOrientationPatient;
  const { distanceMm, tiltDegrees } = planeStack([rx, ry, rz], [cx, cy, cz], step);
  const findings: Finding[] = [];
  const thick = sorted.filter(
    ({ sliceThicknessMm = 0 }) => sliceThicknessMm > distanceMm * (1 + unevenShare),
  );
  if (thick.length > 0) {
    const thickness = thick.reduce((most, { sliceThicknessMm = 0 }) => Math.max(most, sliceThicknessMm), 0);
    const details = {
      thickness: thickness.toFixed(2),
      spacing: distanceMm.toFixed(2),
      files: nameFiles(thick),
    };
    findings.push({ code: 'series-overlapping', severity: 'info', subject: series, details });
  }
  if (tiltDegrees > notableTiltDegrees) {
    const details = { degrees: tiltDegrees.toFixed(1) };
    findings.push({ code: 'series-tilted', severity: 'warning', subject: series, details });
  }
  return findings;
}

/** One slice: its k step comes from the spacing or thickness it states, else 1 mm, and a finding says so. */
function inspectSingle(header: DicomHeader, series: string): InspectedSlices {
  const spacing = header.spacingBetweenSlicesMm ?? header.sliceThicknessMm ?? 1;
  const [nx, ny, nz] = imageNormal(header.imageOrientationPatient);
  const grid = gridOf(header, [nx * spacing, ny * spacing, nz * spacing], 1);
  const finding: Finding = {
    code: 'series-single-slice',
    severity: 'warning',
    subject: series,
    details: { spacing: spacing.toFixed(2) },
  };
  return { geometry: { grid, sliceSpacingMm: spacing }, findings: [finding] };
}

/** Repeated places, gaps and uneven steps, against the median step. Step k leads from slice k to slice k + 1. */
function unevenSteps(
  steps: readonly number[],
  sorted: readonly DicomHeader[],
  series: string,
): AppError | undefined {
  const ordered = [...steps].sort((a, b) => a - b);
  const smallest = ordered[0] ?? 0;
  const largest = ordered.at(-1) ?? 0;
  if (smallest < samePlaceMm) {
    const repeats = sorted.filter((_, at) => at > 0 && (steps[at - 1] ?? NaN) < samePlaceMm);
    const reason = `${repeats.length} images lie at the place of another: ${nameFiles(repeats)}`;
    return new AppError('SERIES_MIXED', { path: series, reason });
  }
  const median = ordered[Math.floor((ordered.length - 1) / 2)] ?? 0;
  const tolerance = Math.max(unevenMm, unevenShare * median);
  // Both neighbours of a slice may be off by the tolerance.
  if (largest - median <= 2 * tolerance && median - smallest <= 2 * tolerance) return undefined;
  const missing = steps.reduce((sum, step) => sum + Math.max(0, Math.round(step / median) - 1), 0);
  const multiple = steps.every(
    (step) => Math.abs(step / median - Math.round(step / median)) * median <= 2 * tolerance,
  );
  const range = `slices are ${smallest.toFixed(2)} to ${largest.toFixed(2)} mm apart`;
  const uneven = steps.findIndex((step) => Math.abs(step - median) > 2 * tolerance);
  const [before, after] = [sorted[uneven], sorted[uneven + 1]].map((one) => (one ? nameFile(one) : ''));
  const reason =
    multiple && missing > 0
      ? `${missing} of ${steps.length + 1 + missing} slices missing, ${range}, first between ${before} and ${after}`
      : `${range}, first unevenly between ${before} and ${after}`;
  return new AppError('SERIES_MISSING_SLICE', { series, reason });
}

/** The grid of `slices` slices from that of `header` on, each `step` (mm) after the one before. */
export function gridOf(header: DicomHeader, step: Vector3, slices: number): Grid {
  const [rx, ry, rz, cx, cy, cz] = header.imageOrientationPatient;
  const [rowSpacing, columnSpacing] = header.pixelSpacing;
  const [x, y, z] = header.imagePositionPatient;
  const indexToLps: Affine = [
    rx * columnSpacing, cx * rowSpacing, step[0], x,
    ry * columnSpacing, cy * rowSpacing, step[1], y,
    rz * columnSpacing, cz * rowSpacing, step[2], z,
  ]; // prettier-ignore
  return { size: [header.columns, header.rows, slices], indexToLps };
}
