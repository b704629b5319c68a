/**
 * Binary morphology with an ellipsoid: a voxel is in it when (di/rx)² + (dj/ry)² + (dk/rz)² ≤ 1, the ball of ITK's binary
 * filters. Radii are in voxels; an axis of radius below one is not crossed. Computed by the exact distance transform in units
 * of the radii, so the cost does not depend on them. What lies beyond the grid never counts: it neither grows in nor erodes.
 */
import type { Vector3 } from '../../shared/affine.ts';
import { squaredDistance } from './distanceTransform.ts';

/** `mask` (non-zero is in) grown by the ellipsoid of `radii` voxels; values 0 and 1. */
export function dilate(mask: ArrayLike<number>, size: Vector3, radii: Vector3): Uint8Array {
  const distance = squaredDistance(mask, size, inRadii(radii));
  return Uint8Array.from(distance, (d2) => (d2 <= 1 + 1e-6 ? 1 : 0));
}

/** `mask` shrunk by the ellipsoid of `radii` voxels; values 0 and 1. */
export function erode(mask: ArrayLike<number>, size: Vector3, radii: Vector3): Uint8Array {
  const outside = Uint8Array.from(mask, (value) => (value ? 0 : 1));
  const distance = squaredDistance(outside, size, inRadii(radii));
  return Uint8Array.from(distance, (d2) => (d2 <= 1 + 1e-6 ? 0 : 1));
}

/** Dilation, then erosion: gaps and dents narrower than the ellipsoid are filled. */
export function close(mask: ArrayLike<number>, size: Vector3, radii: Vector3): Uint8Array {
  return erode(dilate(mask, size, radii), size, radii);
}

function inRadii([x, y, z]: Vector3): Vector3 {
  const step = (radius: number): number => (radius >= 1 ? 1 / radius : Infinity);
  return [step(x), step(y), step(z)];
}
