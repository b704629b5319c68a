/**
 * The upper femur as a smooth union of tapered capsules in 3-D: head, neck, trochanters, shaft; one side of the mirrored drawing.
 */
import { FAR, type SignedDistance } from './loft.ts';
import { femoralHead } from './pelvisShapes.ts';
import { smoothMinimum } from './smoothMinimum.ts';

interface Capsule {
  readonly a: readonly [number, number, number, radius: number];
  readonly b: readonly [number, number, number, radius: number];
}

/** Offsets from the centre of the head, mm. */
const CAPSULES: readonly Capsule[] = [
  { a: [0, 0, 0, 24], b: [4, 1, -3, 22.5] },
  { a: [0, 0, 0, 17], b: [33, 9, -29, 15] },
  { a: [48, 19, -5, 10], b: [44, 14, -36, 17] },
  { a: [42, 12, -36, 18], b: [36, 4, -84, 15] },
  { a: [36, 4, -84, 15], b: [28, 0, -180, 14] },
  { a: [28, 22, -58, 7], b: [33, 12, -62, 9] },
];
const BLEND_MM = 5;

/** Signed distance to the femur whose thigh is turned by `turn` radians about the vertical through the head. */
export function createFemur(turn: number): SignedDistance {
  const c = Math.cos(turn);
  const s = Math.sin(turn);
  const place = ([x, y, z, r]: Capsule['a']): Capsule['a'] => [
    femoralHead.x + c * x - s * y,
    s * x + c * y,
    z,
    r,
  ];
  const capsules = CAPSULES.map(({ a, b }) => ({ a: place(a), b: place(b) }));
  return (x, y, z) => {
    if (x < 50 || y < -45 || y > 70 || z > 40) return FAR;
    let best = FAR;
    for (const { a, b } of capsules) best = smoothMinimum(best, capsuleDistance(a, b, x, y, z), BLEND_MM);
    return best;
  };
}

function capsuleDistance(a: Capsule['a'], b: Capsule['a'], x: number, y: number, z: number): number {
  const dx = b[0] - a[0];
  const dy = b[1] - a[1];
  const dz = b[2] - a[2];
  let t = ((x - a[0]) * dx + (y - a[1]) * dy + (z - a[2]) * dz) / (dx * dx + dy * dy + dz * dz);
  t = t < 0 ? 0 : t > 1 ? 1 : t;
  const ex = x - a[0] - t * dx;
  const ey = y - a[1] - t * dy;
  const ez = z - a[2] - t * dz;
  return Math.sqrt(ex * ex + ey * ey + ez * ez) - (a[3] + t * (b[3] - a[3]));
}
