/**
 * How well the bone of a synthetic CT agrees with the CT's at one threshold, on the CT's grid inside the body. The same figures as
 * in a report (`src-main/imaging/metrics`: `boneDice`, `surfaceDistance`), in steps that can be broken off: a voxel is bone above the threshold; distances are exact
 * between centres of surface voxels; mean over both surfaces together, 95 %: the larger of the two directed percentiles.
 */
import { percentiles } from '../../src-main/imaging/intensity/percentiles.ts';
import { surfaceVoxels } from '../../src-main/imaging/metrics/surfaceVoxels.ts';
import type { Vector3 } from './geometry.ts';
import { PointTree } from './meshPointTree.ts';
import type { Steps } from './meshTypes.ts';

/** Points between two chances to stop. */
const pointsPerStep = 20_000;

export interface Agreement {
  /** Null when neither has bone. */
  readonly dice: number | null;
  /** Null when either has no bone surface. */
  readonly meanMm: number | null;
  readonly hd95Mm: number | null;
}

/** `ct` and `sct`: one byte per voxel of the CT's grid, non-zero is bone. */
export function* compareBone(
  ct: Uint8Array,
  sct: Uint8Array,
  size: Vector3,
  spacingMm: Vector3,
): Steps<Agreement> {
  let [inCt, inSct, inBoth] = [0, 0, 0];
  for (let at = 0; at < ct.length; at++) {
    if (ct[at]) inCt++;
    if (sct[at]) inSct++;
    if (ct[at] && sct[at]) inBoth++;
  }
  const dice = inCt + inSct > 0 ? (2 * inBoth) / (inCt + inSct) : null;
  yield 0.2;
  const surfaces = [surfaceVoxels(ct, size), surfaceVoxels(sct, size)] as const;
  if (surfaces.some((voxels) => voxels.length === 0)) return { dice, meanMm: null, hd95Mm: null };
  const [first, second] = [centres(surfaces[0], size, spacingMm), centres(surfaces[1], size, spacingMm)];
  const there = yield* distances(second, first);
  const back = yield* distances(first, second);
  const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
  return {
    dice,
    meanMm: (sum(there) + sum(back)) / (there.length + back.length),
    hd95Mm: Math.max(percentiles(there, [95])[0] ?? 0, percentiles(back, [95])[0] ?? 0),
  };
}

/** Centres of voxels in mm along the grid's own axes: distances are the same as in the patient. */
function centres(voxels: Int32Array, [nx, ny]: Vector3, [dx, dy, dz]: Vector3): Float32Array {
  const points = new Float32Array(3 * voxels.length);
  for (let n = 0; n < voxels.length; n++) {
    const at = voxels[n] as number;
    points[3 * n] = dx * (at % nx);
    points[3 * n + 1] = dy * (Math.floor(at / nx) % ny);
    points[3 * n + 2] = dz * Math.floor(at / nx / ny);
  }
  return points;
}

/** Distance in mm from every point of `from` to the nearest of `targets`. */
function* distances(targets: Float32Array, from: Float32Array): Steps<Float64Array> {
  const tree = new PointTree(targets);
  const out = new Float64Array(from.length / 3);
  for (let n = 0; n < out.length; n++) {
    tree.nearest(from[3 * n] as number, from[3 * n + 1] as number, from[3 * n + 2] as number);
    out[n] = Math.sqrt(tree.squared);
    if (n % pointsPerStep === 0) yield n / out.length;
  }
  return out;
}
