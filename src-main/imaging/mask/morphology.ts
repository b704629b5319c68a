/**
 * Binary morphology with an ellipsoid: a voxel is in it when (di/rx)² + (dj/ry)² + (dk/rz)² ≤ 1, the ball of ITK's binary
 * filters. Radii are in voxels; an axis of radius below one is not crossed. Computed by the exact distance transform in units
 * of the radii, so the cost does not depend on them. What lies beyond the grid never counts: it neither grows in nor erodes.
 */
import type { Vector3 } from '../../shared/affine.ts';
import { squaredDistance } from './distanceTransform.ts';

/** `mask` (non-zero is in) grown by the ellipsoid of `radii` voxels; values 0 and 1. */
export function dilate(mask: ArrayLike<number>, size: Vector3, radii: Vector3): Uint8Array {
  return threshold(squaredDistance(mask, size, inRadii(radii)), 1);
}

/** `mask` shrunk by the ellipsoid of `radii` voxels; values 0 and 1. */
export function erode(mask: ArrayLike<number>, size: Vector3, radii: Vector3): Uint8Array {
  const outside = new Uint8Array(size[0] * size[1] * size[2]);
  for (let at = 0; at < outside.length; at++) outside[at] = mask[at] ? 0 : 1;
  return threshold(squaredDistance(outside, size, inRadii(radii)), 0);
}

/** Dilation, then erosion: gaps and dents narrower than the ellipsoid are filled. */
export function close(mask: ArrayLike<number>, size: Vector3, radii: Vector3): Uint8Array {
  return erode(dilate(mask, size, radii), size, radii);
}

/** `near` where the distance is at most one radius, its opposite elsewhere. */
function threshold(squared: Float32Array, near: 0 | 1): Uint8Array {
  const out = new Uint8Array(squared.length).fill(1 - near);
  for (let at = 0; at < out.length; at++) if ((squared[at] as number) <= 1 + 1e-6) out[at] = near;
  return out;
}

function inRadii([x, y, z]: Vector3): Vector3 {
  const step = (radius: number): number => (radius >= 1 ? 1 / radius : Infinity);
  return [step(x), step(y), step(z)];
}
