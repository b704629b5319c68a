/**
 * Rigid motions of patient space as six numbers a person can set: three turns and three shifts.
 *
 * x' = R (x − c) + c + t with R = Rz · Ry · Rx: turned about the LPS axes x, then y, then z, right-handed, about the centre c; then
 * shifted by t (mm). Every rigid motion has these six numbers about any centre; y stays within ±90°.
 */
import { affineDeterminant, type Affine, type Vector3 } from './affine.ts';

export interface RigidTransform {
  /** About x, y and z through the centre. */
  readonly rotationsDegrees: Vector3;
  readonly translationMm: Vector3;
  /** A point of the space it moves, LPS mm. */
  readonly centreLps: Vector3;
}

export const identityAffine: Affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];

/** How far a matrix may be from a rotation: rounding, not a scale of one per mille. */
const RIGID_TOLERANCE = 1e-5;

const radians = (degrees: number): number => (degrees * Math.PI) / 180;
const degrees = (angle: number): number => (angle * 180) / Math.PI;

/** The motion as a 3×4 matrix. */
export function rigidAffine({ rotationsDegrees, translationMm, centreLps }: RigidTransform): Affine {
  const [x, y, z] = rotationsDegrees.map(radians) as [number, number, number];
  const [cx, sx, cy, sy, cz, sz] = [
    Math.cos(x), Math.sin(x), Math.cos(y), Math.sin(y), Math.cos(z), Math.sin(z),
  ]; // prettier-ignore
  return aboutCentre(
    [
      cz * cy, cz * sy * sx - sz * cx, cz * sy * cx + sz * sx,
      sz * cy, sz * sy * sx + cz * cx, sz * sy * cx - cz * sx,
      -sy, cy * sx, cy * cx,
    ],
    centreLps,
    translationMm,
  ); // prettier-ignore
}

/** The six numbers of a motion about `centreLps`. Throws a RangeError for a matrix that scales, shears or mirrors. */
export function rigidFromAffine(affine: Affine, centreLps: Vector3): RigidTransform {
  if (!isRigid(affine)) throw new RangeError('The matrix is no rigid motion.');
  const [a, b, c, tx, d, e, f, ty, g, h, i, tz] = affine;
  const [cx, cy, cz] = centreLps;
  const y = Math.asin(Math.min(1, Math.max(-1, -g)));
  // Turned by 90° about y, x and z turn about one axis: all of it is given to z.
  const isLocked = Math.hypot(a, d) < 1e-9;
  const x = isLocked ? 0 : Math.atan2(h, i);
  const z = isLocked ? Math.atan2(-b, e) : Math.atan2(d, a);
  return {
    // A sum with 0 has no −0, which people would be shown.
    rotationsDegrees: [degrees(x) + 0, degrees(y) + 0, degrees(z) + 0],
    translationMm: [
      a * cx + b * cy + c * cz + tx - cx,
      d * cx + e * cy + f * cz + ty - cy,
      g * cx + h * cy + i * cz + tz - cz,
    ],
    centreLps,
  };
}

/** The turn by `angleDegrees` about a unit axis through `centreLps` (Rodrigues), right-handed. */
export function turnAbout([x, y, z]: Vector3, angleDegrees: number, centreLps: Vector3): Affine {
  const [c, s] = [Math.cos(radians(angleDegrees)), Math.sin(radians(angleDegrees))];
  const v = 1 - c;
  return aboutCentre(
    [
      c + x * x * v, x * y * v - z * s, x * z * v + y * s,
      y * x * v + z * s, c + y * y * v, y * z * v - x * s,
      z * x * v - y * s, z * y * v + x * s, c + z * z * v,
    ],
    centreLps,
    [0, 0, 0],
  ); // prettier-ignore
}

/** The angle by which a motion turns about its own axis, 0…180 degrees. */
export function turnDegrees([a, , , , , e, , , , , i]: Affine): number {
  return degrees(Math.acos(Math.min(1, Math.max(-1, (a + e + i - 1) / 2))));
}

/** Whether a matrix turns and shifts only. */
export function isRigid(affine: Affine): boolean {
  const [a, b, c, , d, e, f, , g, h, i] = affine;
  const rows = [[a, b, c], [d, e, f], [g, h, i]] as const; // prettier-ignore
  const isOrthogonal = rows.every((p, row) =>
    rows.every((q, column) => {
      const product = p[0] * q[0] + p[1] * q[1] + p[2] * q[2];
      return Math.abs(product - (row === column ? 1 : 0)) < RIGID_TOLERANCE;
    }),
  );
  return isOrthogonal && affineDeterminant(affine) > 0;
}

type Matrix3 = readonly [number, number, number, number, number, number, number, number, number];

function aboutCentre(
  [a, b, c, d, e, f, g, h, i]: Matrix3,
  [cx, cy, cz]: Vector3,
  [tx, ty, tz]: Vector3,
): Affine {
  return [
    a, b, c, cx + tx - (a * cx + b * cy + c * cz),
    d, e, f, cy + ty - (d * cx + e * cy + f * cz),
    g, h, i, cz + tz - (g * cx + h * cy + i * cz),
  ]; // prettier-ignore
}
