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
  /** The worst first. */
  readonly spots: readonly FailureSpot[];
}

/** The distance beyond which bone counts as failed, mm. */
export function failureLimitMm({ spacingMm }: Pick<CaseImages, 'spacingMm'>): number {
  return Math.max(rules.limitMm, 1.5 * Math.max(...spacingMm));
}

/** The worst places of every method. */
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
  return methods.map(({ label, sct }) => ({
    label,
    spots: failureSpots(reference, above(sct), size, spacingMm, limits).slice(0, rules.atMost),
  }));
}

/** `8 mm of bone missing`. */
export function spotText({ kind, distanceMm }: FailureSpot): string {
  return `bone ${kind}, ${distanceMm.toFixed(0)} mm off`;
}
