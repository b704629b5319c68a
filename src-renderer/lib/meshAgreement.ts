/**
 * How well the bone of a synthetic CT agrees with the CT's at one threshold, on the CT's grid inside the body. The same figures as
 * in a report (`src-main/imaging/metrics`: `boneDice`, `surfaceDistance`): a voxel is bone above the threshold; distances are exact
 * between centres of surface voxels; mean over both surfaces together, 95 %: the larger of the two directed percentiles.
 */
import type { Vector3 } from './geometry.ts';
import { squaredDistance } from './meshDistanceTransform.ts';
import type { Steps } from './meshTypes.ts';

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
  const box = boundingBox(surfaces, size);
  yield 0.3;
  const there = distances(surfaces[1], surfaces[0], size, box, spacingMm);
  yield 0.65;
  const back = distances(surfaces[0], surfaces[1], size, box, spacingMm);
  const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
  return {
    dice,
    meanMm: (sum(there) + sum(back)) / (there.length + back.length),
    hd95Mm: Math.max(percentile95(there), percentile95(back)),
  };
}

/** Bone voxels with a face neighbour outside bone; the grid's border is no surface. */
function surfaceVoxels(mask: Uint8Array, [nx, ny, nz]: Vector3): Int32Array {
  const found: number[] = [];
  const plane = nx * ny;
  let at = 0;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) {
        if (!mask[at]) continue;
        const open =
          (i > 0 && !mask[at - 1]) ||
          (i < nx - 1 && !mask[at + 1]) ||
          (j > 0 && !mask[at - nx]) ||
          (j < ny - 1 && !mask[at + nx]) ||
          (k > 0 && !mask[at - plane]) ||
          (k < nz - 1 && !mask[at + plane]);
        if (open) found.push(at);
      }
    }
  }
  return Int32Array.from(found);
}

interface Box {
  readonly from: Vector3;
  readonly size: Vector3;
}

function boundingBox(surfaces: readonly Int32Array[], [nx, ny]: Vector3): Box {
  let [i0, j0, k0, i1, j1, k1] = [Infinity, Infinity, Infinity, -1, -1, -1];
  for (const voxels of surfaces) {
    for (const at of voxels) {
      const [i, j, k] = [at % nx, Math.floor(at / nx) % ny, Math.floor(at / nx / ny)];
      [i0, j0, k0] = [Math.min(i0, i), Math.min(j0, j), Math.min(k0, k)];
      [i1, j1, k1] = [Math.max(i1, i), Math.max(j1, j), Math.max(k1, k)];
    }
  }
  return { from: [i0, j0, k0], size: [i1 - i0 + 1, j1 - j0 + 1, k1 - k0 + 1] };
}

/** Distance in mm from every voxel of `from` to the nearest of `targets`. */
function distances(
  targets: Int32Array,
  from: Int32Array,
  [nx, ny]: Vector3,
  box: Box,
  spacingMm: Vector3,
): Float64Array {
  const [bx, by, bz] = box.size;
  const inBox = (at: number): number =>
    (at % nx) -
    box.from[0] +
    bx * ((Math.floor(at / nx) % ny) - box.from[1] + by * (Math.floor(at / nx / ny) - box.from[2]));
  const seeds = new Uint8Array(bx * by * bz);
  for (const at of targets) seeds[inBox(at)] = 1;
  const squared = squaredDistance(seeds, box.size, spacingMm);
  return Float64Array.from(from, (at) => Math.sqrt(squared[inBox(at)] as number));
}

/** By linear interpolation between order statistics; `values` are sorted in place. */
function percentile95(values: Float64Array): number {
  values.sort();
  const position = 0.95 * (values.length - 1);
  const low = values[Math.floor(position)] ?? 0;
  const high = values[Math.ceil(position)] ?? low;
  return low + (high - low) * (position - Math.floor(position));
}
