/**
 * Bone seen from the front: for each pixel of a parallel projection the first place where the CT crosses a threshold, and its normal.
 *
 * The volume is in axial LPS order, so that rays run along its rows from anterior to posterior: +x (the patient's left) is to the right
 * of the picture, +z upwards. Hits are found on the trilinear interpolation, so that thin bone is as thin as the CT says; normals are the
 * gradient of the volume smoothed by a cubic B-spline two voxels wide, which hides the steps between thick slices.
 */
import type { Vector3 } from '../../shared/affine.ts';

export interface BoneViewInput {
  /** HU. */
  readonly data: ArrayLike<number>;
  readonly size: Vector3;
  readonly spacingMm: Vector3;
  /** Voxels where this is 0 are air. */
  readonly body: ArrayLike<number>;
  readonly thresholdHu: number;
  /** Side of a pixel. */
  readonly pixelMm: number;
  /** Columns of voxels that are shown, first and last: the same for pictures that are compared. */
  readonly columns: readonly [first: number, last: number];
}

export interface BoneView {
  readonly width: number;
  readonly height: number;
  /** [height, width]: from the volume's first row to the surface, mm; NaN where there is no bone. */
  readonly depthMm: Float32Array;
  /** [height, width, 3]: unit vectors out of the bone, LPS. */
  readonly normals: Float32Array;
}

const airHu = -1024;

/** Casts the rays. */
export function boneView(input: BoneViewInput): BoneView {
  const { data, size, spacingMm, body, thresholdHu, pixelMm, columns } = input;
  const [nx, ny, nz] = size;
  const [dx, dy, dz] = spacingMm;
  const width = Math.max(1, Math.round(((columns[1] - columns[0]) * dx) / pixelMm) + 1);
  const height = Math.max(1, Math.round(((nz - 1) * dz) / pixelMm) + 1);
  const depthMm = new Float32Array(width * height).fill(NaN);
  const normals = new Float32Array(3 * width * height);
  const hu = (at: number): number => (body[at] ? (data[at] as number) : airHu);
  const plane = new Float32Array(nx * ny);
  for (let v = 0; v < height; v++) {
    const z = Math.min(nz - 1, Math.max(0, nz - 1 - (v * pixelMm) / dz));
    const k = Math.min(Math.floor(z), Math.max(0, nz - 2));
    const lower = k * nx * ny;
    const upper = Math.min(k + 1, nz - 1) * nx * ny;
    for (let at = 0; at < plane.length; at++) {
      const below = hu(lower + at);
      plane[at] = below + (hu(upper + at) - below) * (z - k);
    }
    for (let u = 0; u < width; u++) {
      const x = Math.min(nx - 1, columns[0] + (u * pixelMm) / dx);
      const y = firstCrossing(plane, nx, ny, x, thresholdHu);
      if (y === null) continue;
      const pixel = u + width * v;
      depthMm[pixel] = y * dy;
      const [gx, gy, gz] = gradient(hu, size, [x, y, z]);
      const [ux, uy, uz] = [gx / dx, gy / dy, gz / dz];
      const length = Math.hypot(ux, uy, uz) || 1;
      // The gradient points into the bone.
      normals.set([-ux / length, -uy / length, -uz / length], 3 * pixel);
    }
  }
  return { width, height, depthMm, normals };
}

/** The row where the column at `x` first reaches the threshold, between rows by linear interpolation. */
function firstCrossing(
  plane: Float32Array,
  nx: number,
  ny: number,
  x: number,
  threshold: number,
): number | null {
  const i = Math.min(Math.floor(x), Math.max(0, nx - 2));
  const share = x - i;
  const step = nx > 1 ? 1 : 0;
  let before = airHu;
  for (let j = 0, at = i; j < ny; j++, at += nx) {
    const left = plane[at] as number;
    const value = left + ((plane[at + step] as number) - left) * share;
    if (value > threshold) return j === 0 ? 0 : j - 1 + (threshold - before) / (value - before);
    before = value;
  }
  return null;
}

/** Samples on either side that the gradient looks at. */
const reach = 4;

/** The gradient at a place in voxels, per voxel; the edge's values go on beyond the volume. */
function gradient(
  hu: (at: number) => number,
  [nx, ny, nz]: Vector3,
  [x, y, z]: Vector3,
): [number, number, number] {
  const [i, j, k] = [Math.floor(x), Math.floor(y), Math.floor(z)];
  const [wx, wy, wz] = [kernel(x - i, spline), kernel(y - j, spline), kernel(z - k, spline)];
  const [sx, sy, sz] = [kernel(x - i, slope), kernel(y - j, slope), kernel(z - k, slope)];
  const out: [number, number, number] = [0, 0, 0];
  for (let c = 0; c < 2 * reach; c++) {
    const pk = Math.min(nz - 1, Math.max(0, k + c - reach + 1));
    for (let b = 0; b < 2 * reach; b++) {
      const row = nx * (Math.min(ny - 1, Math.max(0, j + b - reach + 1)) + ny * pk);
      let along = 0;
      let across = 0;
      for (let a = 0; a < 2 * reach; a++) {
        const sample = hu(row + Math.min(nx - 1, Math.max(0, i + a - reach + 1)));
        along += sample * (sx[a] as number);
        across += sample * (wx[a] as number);
      }
      out[0] += along * (wy[b] as number) * (wz[c] as number);
      out[1] += across * (sy[b] as number) * (wz[c] as number);
      out[2] += across * (wy[b] as number) * (sz[c] as number);
    }
  }
  return out;
}

/** The kernel's values at the samples about a place `t` of the way from one to the next. */
function kernel(t: number, of: (distance: number) => number): Float64Array {
  return Float64Array.from({ length: 2 * reach }, (_, at) => of((t + reach - 1 - at) / 2) / 2);
}

/** The uniform cubic B-spline, and its slope. */
function spline(distance: number): number {
  const d = Math.abs(distance);
  if (d >= 2) return 0;
  return d < 1 ? 2 / 3 - d * d + d ** 3 / 2 : (2 - d) ** 3 / 6;
}

function slope(distance: number): number {
  const d = Math.abs(distance);
  if (d >= 2) return 0;
  const size = d < 1 ? -2 * d + 1.5 * d * d : -((2 - d) ** 2) / 2;
  return (distance < 0 ? -size : size) / 2;
}
