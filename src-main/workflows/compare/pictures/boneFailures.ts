/** Where each method's bone failed: the abstract's red arrows, found from the surface distance. */
import { failureSpots, type FailureSpot } from '../../../imaging/metrics/failureSpots.ts';
import type { CaseImages } from './caseImages.ts';

export const boneThresholdHu = 250;

const rules = {
  /** At least; thick slices raise it, as the surface is known no better than a voxel. */
  limitMm: 4,
  leastVoxels: 6,
  atMost: 5,
} as const;

export interface MethodFailures {
  readonly label: string;
  /** At most five, the largest first: those that get an arrow. */
  readonly spots: readonly FailureSpot[];
  /** Of all spots, with and without an arrow. */
  readonly count: number;
  /** Surface voxels in all spots together. */
  readonly voxels: number;
}

/** The distance beyond which bone counts as failed, mm. */
export function failureLimitMm({ spacingMm }: Pick<CaseImages, 'spacingMm'>): number {
  return Math.max(rules.limitMm, 1.5 * Math.max(...spacingMm));
}

/** The places of every method, counted, and the largest of them. */
export function boneFailures(images: CaseImages): MethodFailures[] {
  const { size, spacingMm, mask, ct, methods } = images;
  const above = (hu: ArrayLike<number>): Uint8Array => {
    const inside = new Uint8Array(hu.length);
    for (let at = 0; at < inside.length; at++)
      if (mask[at] && (hu[at] as number) > boneThresholdHu) inside[at] = 1;
    return inside;
  };
  const reference = above(ct);
  const limits = { limitMm: failureLimitMm(images), leastVoxels: rules.leastVoxels };
  return methods.map(({ label, sct }) => {
    const spots = failureSpots(reference, above(sct), size, spacingMm, limits);
    return {
      label,
      spots: spots.slice(0, rules.atMost),
      count: spots.length,
      voxels: spots.reduce((sum, spot) => sum + spot.voxels, 0),
    };
  });
}

/** `bone missing, 8 mm off`, or that there is no bone at all. */
export function spotText({ kind, distanceMm, voxels }: FailureSpot): string {
  if (distanceMm !== null) return `bone ${kind}, ${distanceMm.toFixed(0)} mm off`;
  return kind === 'missing'
    ? `no bone at all, where the CT has ${voxels} surface voxels of it`
    : `${voxels} surface voxels of bone, where the CT has no bone at all`;
}
