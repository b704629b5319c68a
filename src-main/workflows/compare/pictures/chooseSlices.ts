/** Which slices of a case tell most: those of the largest failures, and one through the middle of the bone. */
import { bySpotSize } from '../../../imaging/metrics/failureSpots.ts';
import { boneThresholdHu, type MethodFailures } from './boneFailures.ts';
import type { CaseImages } from './caseImages.ts';

const wanted = 3;
/** Chosen slices are at least this far apart. */
const apartMm = 10;

/** Up to three slices (from 0), the highest first. */
export function chooseSlices(images: CaseImages, failures: readonly MethodFailures[]): number[] {
  const [, , nz] = images.size;
  const apart = (a: number, b: number): boolean => Math.abs(a - b) * images.spacingMm[2] >= apartMm;
  const largest = failures
    .flatMap(({ spots }) => spots)
    .sort(bySpotSize)
    .map(({ voxel }) => voxel[2]);
  const bony = bonySlices(images);
  const spread = [0.5, 0.25, 0.75, 0, 1].map(
    (share) => bony[Math.round(share * (bony.length - 1))] ?? Math.round(share * (nz - 1)),
  );
  const chosen: number[] = [];
  for (const slice of [spread[0] ?? 0, ...largest, ...spread.slice(1)]) {
    if (chosen.length < wanted && chosen.every((one) => apart(one, slice))) chosen.push(slice);
  }
  return chosen.sort((a, b) => b - a);
}

/** Slices with bone in the CT, ascending. */
function bonySlices({ ct, mask, size: [nx, ny, nz] }: CaseImages): number[] {
  const plane = nx * ny;
  return Array.from({ length: nz }, (_, slice) => slice).filter((slice) => {
    for (let at = slice * plane; at < (slice + 1) * plane; at++)
      if (mask[at] && (ct[at] as number) > boneThresholdHu) return true;
    return false;
  });
}
