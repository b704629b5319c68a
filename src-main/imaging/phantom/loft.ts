/**
 * Shapes swept along the body axis: at every height z a chain of points with radii, interpolated between key sections. The
 * inside is what lies within the radius of the chain, so one table of numbers draws a plate, a tube or a muscle belly.
 *
 * Coordinates are millimetres in the phantom's own frame (see `anatomy.ts`), distances are signed and negative inside. They are
 * measured in the axial plane, and to segments of linearly varying radius, hence slightly too large beside a steep taper.
 */

/** `[x, y, radius]` of one point of a chain, mm; a radius below zero removes the shape there. */
export type ChainPoint = readonly [x: number, y: number, radius: number];
/** Key sections by height, ascending in z, all with the same number of points. */
export type LoftKeys = readonly (readonly [z: number, chain: readonly ChainPoint[]])[];

/** Signed distance in mm at (x, y, z); `FAR` where the shape is surely farther than `MARGIN_MM` away. */
export type SignedDistance = (x: number, y: number, z: number) => number;

export const FAR = 1e3;
const MARGIN_MM = 12;
const STEP_MM = 0.5;

interface Section {
  readonly left: number;
  readonly right: number;
  readonly front: number;
  readonly back: number;
  /** x, y, radius of each point in turn. */
  readonly points: Float64Array;
}

/** Prepares a loft; `thickness` scales every positive radius. Sections are tabulated every half millimetre. */
export function createLoft(keys: LoftKeys, thickness = 1): SignedDistance {
  const first = keys[0];
  const last = keys[keys.length - 1];
  if (first === undefined || last === undefined) return () => FAR;
  const bottom = first[0];
  const sections: Section[] = [];
  for (let n = 0; n <= Math.round((last[0] - bottom) / STEP_MM); n++) {
    sections.push(sectionAt(keys, bottom + n * STEP_MM, thickness));
  }
  return (x, y, z) => {
    const section = sections[Math.round((z - bottom) / STEP_MM)];
    if (section === undefined) return FAR;
    if (x < section.left || x > section.right || y < section.front || y > section.back) return FAR;
    return chainDistance(section.points, x, y);
  };
}

function chainDistance(points: Float64Array, x: number, y: number): number {
  let ax = points[0] as number;
  let ay = points[1] as number;
  let ar = points[2] as number;
  let best = points.length === 3 ? Math.hypot(x - ax, y - ay) - ar : FAR;
  for (let n = 3; n < points.length; n += 3) {
    const bx = points[n] as number;
    const by = points[n + 1] as number;
    const br = points[n + 2] as number;
    const dx = bx - ax;
    const dy = by - ay;
    const length2 = dx * dx + dy * dy;
    let t = length2 > 0 ? ((x - ax) * dx + (y - ay) * dy) / length2 : 0;
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    const ex = x - ax - t * dx;
    const ey = y - ay - t * dy;
    const distance = Math.sqrt(ex * ex + ey * ey) - (ar + t * (br - ar));
    if (distance < best) best = distance;
    ax = bx;
    ay = by;
    ar = br;
  }
  return best;
}

function sectionAt(keys: LoftKeys, z: number, thickness: number): Section {
  let upper = keys.findIndex(([height]) => height >= z);
  if (upper < 0) upper = keys.length - 1;
  const b = keyAt(keys, upper);
  const a = keyAt(keys, upper - 1);
  const span = b[0] - a[0];
  const t = span > 0 ? (z - a[0]) / span : 0;
  const before = keyAt(keys, upper - 2);
  const after = keyAt(keys, upper + 1);
  const points = new Float64Array(b[1].length * 3);
  let [left, right, front, back] = [Infinity, -Infinity, Infinity, -Infinity];
  b[1].forEach((end, n) => {
    const start = chainAt(a, n);
    const values = ([0, 1, 2] as const).map((c) =>
      hermite(
        t,
        start[c],
        end[c],
        slope(before[0], chainAt(before, n)[c], b[0], end[c]) * span,
        slope(a[0], start[c], after[0], chainAt(after, n)[c]) * span,
      ),
    ) as [number, number, number];
    if (values[2] > 0) values[2] *= thickness;
    points.set(values, n * 3);
    const reach = Math.max(values[2], 0) + MARGIN_MM;
    left = Math.min(left, values[0] - reach);
    right = Math.max(right, values[0] + reach);
    front = Math.min(front, values[1] - reach);
    back = Math.max(back, values[1] + reach);
  });
  return { left, right, front, back, points };
}

function keyAt(keys: LoftKeys, index: number): readonly [number, readonly ChainPoint[]] {
  return keys[Math.min(Math.max(index, 0), keys.length - 1)] as readonly [number, readonly ChainPoint[]];
}

function chainAt(key: readonly [number, readonly ChainPoint[]], n: number): ChainPoint {
  const point = key[1][n];
  if (point === undefined) throw new RangeError(`The section at ${key[0]} mm has too few points.`);
  return point;
}

function slope(za: number, a: number, zb: number, b: number): number {
  return zb > za ? (b - a) / (zb - za) : 0;
}

/** Cubic Hermite from a to b with end tangents, t in 0…1. */
function hermite(t: number, a: number, b: number, ta: number, tb: number): number {
  const t2 = t * t;
  const t3 = t2 * t;
  return (2 * t3 - 3 * t2 + 1) * a + (t3 - 2 * t2 + t) * ta + (3 * t2 - 2 * t3) * b + (t3 - t2) * tb;
}
