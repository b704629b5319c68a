/**
 * Pixels near a strong edge of a CT image. Misalignment shows only at edges, and a network is wrong at edges anyway: comparing right and
 * wrong pixels among these alone tells whether weights know more than where edges are.
 */
import { squaredDistance } from '../../imaging/mask/distanceTransform.ts';
import type { Vector3 } from '../../shared/affine.ts';

export interface EdgeOptions {
  /** In-plane gradient (central differences) of a strong edge, HU per pixel. */
  readonly gradientHuPerPx: number;
  readonly distancePx: number;
}

/** 1 within `distancePx` (in-plane) of a strong edge, else 0. `imagesHu` is [n, h, w], `size` = [w, h, n]. */
export function nearEdges(
  imagesHu: Float32Array,
  size: Vector3,
  { gradientHuPerPx, distancePx }: EdgeOptions,
): Uint8Array {
  const [w, h] = size;
  const edges = new Uint8Array(imagesHu.length);
  const value = (at: number): number => imagesHu[at] as number;
  for (let at = 0; at < edges.length; at++) {
    const column = at % w;
    const row = Math.floor(at / w) % h;
    if (column === 0 || row === 0 || column === w - 1 || row === h - 1) continue;
    const across = (value(at + 1) - value(at - 1)) / 2;
    const down = (value(at + w) - value(at - w)) / 2;
    if (Math.hypot(across, down) >= gradientHuPerPx) edges[at] = 1;
  }
  const squared = squaredDistance(edges, size, [1, 1, Infinity]);
  return Uint8Array.from(squared, (distance) => (distance <= distancePx * distancePx ? 1 : 0));
}
