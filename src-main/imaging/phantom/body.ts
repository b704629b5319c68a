/**
 * The phantom's skin: a superellipse with unequal front and back, narrower towards the waist and the groin, flattened at the back by
 * the couch, with the natal cleft.
 */
import type { SignedDistance } from './loft.ts';
import type { PhantomPatient } from './patient.ts';

/** Signed distance in mm to the skin (measured along the ray from the body's middle), in the drawing's frame. */
export function createBody({ body, fat }: PhantomPatient): SignedDistance {
  const { exponent } = body;
  return (x, y, z) => {
    const low = Math.min(1, Math.max(0, (-z - 10) / 60));
    const high = Math.min(1, Math.max(0, (z - 10) / 90));
    const halfWidth = body.halfWidth + fat.side - 6 * high - 4 * low;
    const front = body.front - fat.front + 22 * low;
    const back = body.back + fat.back - 8 * low;
    const middle = (front + back) / 2 + 4;
    const depth = y < middle ? middle - front : back - middle;
    const u = Math.abs(x) / halfWidth;
    const v = Math.abs(y - middle) / depth;
    const radius = Math.pow(Math.pow(u, exponent) + Math.pow(v, exponent), 1 / exponent);
    if (radius < 1e-6) return -depth;
    let distance = ((radius - 1) / radius) * Math.sqrt(x * x + (y - middle) * (y - middle));
    distance = Math.max(distance, y - (back - 4));
    const cleftDepth = 32 * Math.min(1, Math.max(0, (25 - z) / 60));
    const cleft = 0.13 * (y - (back - cleftDepth)) - Math.abs(x);
    return cleftDepth > 0 ? Math.max(distance, Math.min(cleft, 0.5 * cleftDepth)) : distance;
  };
}
