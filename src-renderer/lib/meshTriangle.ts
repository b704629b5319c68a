/** Squared distance from a point to a triangle (C. Ericson, "Real-Time Collision Detection", 2005, 5.1.5). */

/** `a`, `b`, `c`: where the corners' x, y, z begin in `points`. */
export function nearestOnTriangle(
  points: Float32Array,
  a: number,
  b: number,
  c: number,
  x: number,
  y: number,
  z: number,
): number {
  const ax = points[a] as number;
  const ay = points[a + 1] as number;
  const az = points[a + 2] as number;
  const ux = (points[b] as number) - ax;
  const uy = (points[b + 1] as number) - ay;
  const uz = (points[b + 2] as number) - az;
  const vx = (points[c] as number) - ax;
  const vy = (points[c + 1] as number) - ay;
  const vz = (points[c + 2] as number) - az;
  const px = x - ax;
  const py = y - ay;
  const pz = z - az;
  const squaredAt = (s: number, t: number): number =>
    (px - s * ux - t * vx) ** 2 + (py - s * uy - t * vy) ** 2 + (pz - s * uz - t * vz) ** 2;
  const uu = ux * ux + uy * uy + uz * uz;
  const uv = ux * vx + uy * vy + uz * vz;
  const vv = vx * vx + vy * vy + vz * vz;
  const up = ux * px + uy * py + uz * pz;
  const vp = vx * px + vy * py + vz * pz;
  const area = uu * vv - uv * uv;
  if (area > 0) {
    const s = (vv * up - uv * vp) / area;
    const t = (uu * vp - uv * up) / area;
    if (s >= 0 && t >= 0 && s + t <= 1) return squaredAt(s, t);
  }
  const hold = (value: number): number => (value > 0 ? Math.min(1, value) : 0);
  const onU = squaredAt(hold(up / uu), 0);
  const onV = squaredAt(0, hold(vp / vv));
  const ww = uu - 2 * uv + vv;
  const share = hold((vp - up - uv + uu) / ww);
  return Math.min(onU, onV, squaredAt(1 - share, share));
}
