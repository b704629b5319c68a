/** Ellipsoids along the axes of the drawing: organs and bowel loops. */
import type { Vector3 } from '../../shared/affine.ts';
import { FAR, type SignedDistance } from './loft.ts';

/** Signed distance in mm, exact on the surface and approximate elsewhere; `FAR` beyond twice the radii. */
export function createEllipsoid([cx, cy, cz]: Vector3, [rx, ry, rz]: Vector3): SignedDistance {
  return (x, y, z) => {
    const u = (x - cx) / rx;
    const v = (y - cy) / ry;
    const w = (z - cz) / rz;
    const k0 = Math.sqrt(u * u + v * v + w * w);
    if (k0 > 2) return FAR;
    if (k0 < 1e-6) return -Math.min(rx, ry, rz);
    const a = u / rx;
    const b = v / ry;
    const c = w / rz;
    return (k0 * (k0 - 1)) / Math.sqrt(a * a + b * b + c * c);
  };
}
