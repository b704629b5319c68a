/**
 * How the slices of an image lie. The slices of a volume are stacked along its coarsest axis; of one with (nearly) equal spacing no axis
 * is special, and the one nearest to the patient's is taken, since such a volume may be cut any way.
 */
import { axialGrid } from '../../imaging/orient/toAxialLps.ts';
import { imageNormal } from '../../formats/dicom/sliceGeometry.ts';
import type { SourceSeries } from '../../formats/dicom/sourceSeries.ts';
import { affineAxes, affineSpacing, affineSteps, type Vector3 } from '../../shared/affine.ts';
import { planeStack } from '../../shared/planeStack.ts';
import type { Grid } from '../../shared/volume.ts';

export interface StackFacts {
  readonly slices: number;
  /** The larger of the two spacings within a slice. */
  readonly inPlaneMm: number;
  /** Between the planes of neighbouring slices. */
  readonly sliceSpacingMm: number;
  /** Along the normal, from the first slice's middle to the last one's, and one slice more. */
  readonly extentMm: number;
  /** Between the normal of the slices and the patient's axis (z). */
  readonly degreesFromAxial: number;
  /** Between the stack's direction and the normal of its slices. */
  readonly tiltDegrees: number;
  /** Largest departure of a step between slices from the median one, as a share of it; null where no positions are known. */
  readonly unevenShare: number | null;
  /** Whether uneven slices were resampled to even ones at a person's wish. */
  readonly evened: boolean;
}

/** An axis is coarse when its spacing is this much larger than the others'. */
const coarser = 1.1;

export function stackFacts(grid: Grid, source?: SourceSeries): StackFacts {
  const axial = axialGrid(grid);
  const spacing = affineSpacing(axial.indexToLps);
  const coarsest = [0, 1, 2].find((axis) =>
    spacing.every((mm, other) => other === axis || (spacing[axis] ?? 0) > coarser * mm),
  );
  const axis = coarsest ?? 2;
  const [first, second] = [0, 1, 2].filter((other) => other !== axis) as [0 | 1, 1 | 2];
  const axes = affineAxes(axial.indexToLps);
  const normal = unit(cross(axes[first], axes[second]));
  const { distanceMm, tiltDegrees } = planeStack(
    axes[first],
    axes[second],
    affineSteps(axial.indexToLps)[axis as 0 | 1 | 2],
  );
  const slices = axial.size[axis] ?? 0;
  return {
    slices,
    inPlaneMm: Math.max(spacing[first], spacing[second]),
    sliceSpacingMm: distanceMm,
    extentMm: slices * distanceMm,
    degreesFromAxial: degrees(Math.abs(normal[2])),
    tiltDegrees,
    unevenShare: source === undefined ? null : unevenness(source),
    evened: source?.evened !== undefined,
  };
}

function unevenness({ slices, imageOrientationPatient }: SourceSeries): number {
  const normal = imageNormal(imageOrientationPatient);
  const places = slices
    .map(({ imagePositionPatient }) => dot(imagePositionPatient, normal))
    .sort((a, b) => a - b);
  const steps = places.slice(1).map((place, at) => place - (places[at] ?? NaN));
  const median = [...steps].sort((a, b) => a - b)[Math.floor(steps.length / 2)];
  if (median === undefined) return 0;
  return median > 0 ? Math.max(...steps.map((step) => Math.abs(step - median) / median)) : Infinity;
}

const dot = (a: Vector3, b: Vector3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

const cross = (a: Vector3, b: Vector3): Vector3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

function unit(vector: Vector3): Vector3 {
  const length = Math.hypot(...vector);
  return [vector[0] / length, vector[1] / length, vector[2] / length];
}

const degrees = (cosine: number): number => (Math.acos(Math.min(1, cosine)) * 180) / Math.PI;
