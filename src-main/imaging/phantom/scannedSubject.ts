/**
 * Phantom patients taken from one segmented CT. Every seed is another patient: the body scaled by up to 6 % along each axis, tilted a
 * little, shifted, and bent by slow random waves of some millimetres (`scannedVariation.ts`), so that no two have the same anatomy while each keeps real bone. CT
 * and MR are read from the scan by trilinear interpolation; the MR's texture is random, since the CT does not tell it.
 */
import { invertAffine, type Vector3 } from '../../shared/affine.ts';
import { createRandom } from '../../shared/random.ts';
import type { Anatomy } from './anatomy.ts';
import { createFrame } from './frame.ts';
import type { SubjectSource } from './phantomSubject.ts';
import type { ScannedBody } from './scannedBody.ts';
import {
  gridMiddleLps,
  scannedScale,
  scannedShiftMm,
  scannedTiltDegrees,
  scannedWarpMm,
} from './scannedVariation.ts';
import { tissues, type Tissue } from './tissues.ts';
import { createValueNoise } from './valueNoise.ts';

/** Subjects from `body`. */
export function scannedSubject(body: ScannedBody): SubjectSource {
  const vector = (of: (axis: 0 | 1 | 2) => number): Vector3 => [of(0), of(1), of(2)];
  const origin = vector((axis) => body.middle[axis] - gridMiddleLps[axis]);
  const { bladder } = body;
  const bladderCentre: Vector3 = bladder
    ? [bladder[0] - origin[0], bladder[1] - origin[1], bladder[2] - origin[2]]
    : [0, -27, 20];
  const sample = createSampler(body);
  const [, , , , , , , , zx, zy, zz, z0] = invertAffine(body.grid.indexToLps);
  const toSlice = (x: number, y: number, z: number): number => zx * x + zy * y + zz * z + z0;
  return (seed) => {
    const random = createRandom(seed);
    const between = (low: number, high: number): number => low + (high - low) * random.uniform();
    const either = (spread: number): number => between(-spread, spread);
    const scale = vector((axis) => between(scannedScale[axis].low, scannedScale[axis].high));
    const centre = vector((axis) => either(scannedShiftMm[axis]));
    const tilt = vector((axis) => (either(scannedTiltDegrees[axis]) * Math.PI) / 180);
    const toScan = createFrame({ seed, scale, tilt, centre }, scannedWarpMm);
    const coarse = createValueNoise(seed + 101, 14);
    const fine = createValueNoise(seed + 202, 4.5);
    const point: [number, number, number] = [0, 0, 0];
    const anatomy: Anatomy = (px, py, pz, out) => {
      toScan(px, py, pz, point);
      const [x, y, z] = point;
      sample(origin[0] + x, origin[1] + y, origin[2] + z, out);
      const tissue = tissueOf[out.label];
      if (!tissue || out.label === 0) return;
      const texture = 0.5 * coarse(x, y, z) + 0.8 * fine(x, y, z);
      out.mr = Math.max(0, out.mr + Math.abs(tissue.mrTexture) * texture);
    };
    const covers = (px: number, py: number, pz: number): boolean => {
      toScan(px, py, pz, point);
      const w = toSlice(origin[0] + point[0], origin[1] + point[1], origin[2] + point[2]);
      return w >= 0 && w <= body.grid.size[2] - 1;
    };
    return { anatomy, covers, place: { centre, scale, bladder: { centre: bladderCentre } } };
  };
}

/** Tissues by their label. */
const tissueOf: readonly (Tissue | undefined)[] = Object.values(tissues).reduce<(Tissue | undefined)[]>(
  (table, tissue) => {
    table[tissue.label] = tissue;
    return table;
  },
  [],
);

/** Reads HU and MR trilinearly and the label of the nearest voxel at an LPS point; air beyond the scan. */
function createSampler({ grid, hu, mr, labels }: ScannedBody): Anatomy {
  const [nx, ny, nz] = grid.size;
  const [a, b, c, tx, d, e, f, ty, g, h, i, tz] = invertAffine(grid.indexToLps);
  const plane = nx * ny;
  return (x, y, z, out) => {
    const u = a * x + b * y + c * z + tx;
    const v = d * x + e * y + f * z + ty;
    const w = g * x + h * y + i * z + tz;
    out.label = 0;
    out.hu = tissues.air.hu;
    out.mr = 0;
    if (!(u >= 0 && v >= 0 && w >= 0 && u <= nx - 1 && v <= ny - 1 && w <= nz - 1)) return;
    const [i0, j0, k0] = [Math.floor(u), Math.floor(v), Math.floor(w)];
    const [fu, fv, fw] = [u - i0, v - j0, w - k0];
    // The upper neighbour of the last voxel has no weight: it may be the voxel itself.
    const di = i0 < nx - 1 ? 1 : 0;
    const dj = j0 < ny - 1 ? nx : 0;
    const dk = k0 < nz - 1 ? plane : 0;
    const at = i0 + nx * j0 + plane * k0;
    let huSum = 0;
    let mrSum = 0;
    for (let corner = 0; corner < 8; corner++) {
      const weight = (corner & 1 ? fu : 1 - fu) * (corner & 2 ? fv : 1 - fv) * (corner & 4 ? fw : 1 - fw);
      const voxel = at + (corner & 1 ? di : 0) + (corner & 2 ? dj : 0) + (corner & 4 ? dk : 0);
      huSum += weight * (hu[voxel] as number);
      mrSum += weight * (mr[voxel] as number);
    }
    out.hu = huSum;
    out.mr = mrSum;
    out.label = labels[at + (fu > 0.5 ? di : 0) + (fv > 0.5 ? dj : 0) + (fw > 0.5 ? dk : 0)] as number;
  };
}
