/** Squared distance from a point to a triangle (C. Ericson, "Real-Time Collision Detection", 2005, 5.1.5). */

/** `a`, `b`, `c`: where the corners' x, y, z begin in `points`. */
export function squaredToTriangle(
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
  const uu = ux * ux + uy * uy + uz * uz;
  const uv = ux * vx + uy * vy + uz * vz;
  const vv = vx * vx + vy * vy + vz * vz;
  const up = ux * px + uy * py + uz * pz;
  const vp = vx * px + vy * py + vz * pz;
  const pp = px * px + py * py + pz * pz;
  const area = uu * vv - uv * uv;
  let s = (vv * up - uv * vp) / area;
  let t = (uu * vp - uv * up) / area;
  if (!(s >= 0 && t >= 0 && s + t <= 1)) {
    // The nearest spot lies on an edge: along u, along v, or between their ends.
    const onU = held(up / uu);
    const onV = held(vp / vv);
    const onW = held((vp - up - uv + uu) / (uu - 2 * uv + vv));
    const toU = pp - 2 * onU * up + onU * onU * uu;
    const toV = pp - 2 * onV * vp + onV * onV * vv;
    const w = 1 - onW;
    const toW = pp - 2 * (w * up + onW * vp) + w * w * uu + 2 * w * onW * uv + onW * onW * vv;
    [s, t] = toU <= toV && toU <= toW ? [onU, 0] : toV <= toW ? [0, onV] : [w, onW];
  }
  return (px - s * ux - t * vx) ** 2 + (py - s * uy - t * vy) ** 2 + (pz - s * uz - t * vz) ** 2;
}

/** A share of an edge; 0 for an edge without length. */
function held(share: number): number {
  return share > 0 ? Math.min(1, share) : 0;
}
