/**
 * Bone seen from the front: for each pixel of a parallel projection the first place where the CT crosses a threshold, and its normal.
 *
 * The volume is in axial LPS order, so that rays run along its rows from anterior to posterior: +x (the patient's left) is to the right
 * of the picture, +z upwards. Hits are found on the trilinear interpolation, so that thin bone is as thin as the CT says; normals are the
 * gradient of the volume smoothed a little, which hides the steps between thick slices.
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
  const hu = new Float32Array(nx * ny * nz);
  for (let at = 0; at < hu.length; at++) hu[at] = body[at] ? (data[at] as number) : airHu;
  const smooth = smoothed(hu, size);
  const plane = new Float32Array(nx * ny);
  for (let v = 0; v < height; v++) {
    const z = Math.min(nz - 1, Math.max(0, nz - 1 - (v * pixelMm) / dz));
    const k = Math.min(Math.floor(z), Math.max(0, nz - 2));
    const lower = k * nx * ny;
    const upper = Math.min(k + 1, nz - 1) * nx * ny;
    for (let at = 0; at < plane.length; at++) {
      const below = hu[lower + at] as number;
      plane[at] = below + ((hu[upper + at] as number) - below) * (z - k);
    }
    for (let u = 0; u < width; u++) {
      const x = Math.min(nx - 1, columns[0] + (u * pixelMm) / dx);
      const y = firstCrossing(plane, nx, ny, x, thresholdHu);
      if (y === null) continue;
      const pixel = u + width * v;
      depthMm[pixel] = y * dy;
      // The gradient points into the bone.
      const gx = (valueAt(smooth, size, x - 1, y, z) - valueAt(smooth, size, x + 1, y, z)) / dx;
      const gy = (valueAt(smooth, size, x, y - 1, z) - valueAt(smooth, size, x, y + 1, z)) / dy;
      const gz = (valueAt(smooth, size, x, y, z - 1) - valueAt(smooth, size, x, y, z + 1)) / dz;
      const length = Math.hypot(gx, gy, gz) || 1;
      normals[3 * pixel] = gx / length;
      normals[3 * pixel + 1] = gy / length;
      normals[3 * pixel + 2] = gz / length;
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

/** Trilinear; beyond the volume the edge's values go on. */
function valueAt(values: Float32Array, [nx, ny, nz]: Vector3, x: number, y: number, z: number): number {
  const px = Math.min(nx - 1, Math.max(0, x));
  const py = Math.min(ny - 1, Math.max(0, y));
  const pz = Math.min(nz - 1, Math.max(0, z));
  const [i, j, k] = [Math.floor(px), Math.floor(py), Math.floor(pz)];
  const at = i + nx * (j + ny * k);
  const down = j + 1 < ny ? nx : 0;
  const up = k + 1 < nz ? nx * ny : 0;
  const right = i + 1 < nx ? 1 : 0;
  const lower = mix(rowAt(values, at, right, px - i), rowAt(values, at + down, right, px - i), py - j);
  const upper = mix(
    rowAt(values, at + up, right, px - i),
    rowAt(values, at + up + down, right, px - i),
    py - j,
  );
  return mix(lower, upper, pz - k);
}

function rowAt(values: Float32Array, at: number, right: number, share: number): number {
  return mix(values[at] as number, values[at + right] as number, share);
}

function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}

/** The volume smoothed along every axis by the binomial weights 1 4 6 4 1. */
function smoothed(values: Float32Array, [nx, ny, nz]: Vector3): Float32Array {
  const out = values.slice();
  const line = new Float32Array(Math.max(nx, ny, nz) + 4);
  for (let row = 0; row < ny * nz; row++) smoothLine(out, line, nx, 1, row * nx);
  for (let k = 0; k < nz; k++) for (let i = 0; i < nx; i++) smoothLine(out, line, ny, nx, i + k * nx * ny);
  for (let pixel = 0; pixel < nx * ny; pixel++) smoothLine(out, line, nz, nx * ny, pixel);
  return out;
}

function smoothLine(
  values: Float32Array,
  line: Float32Array,
  count: number,
  stride: number,
  start: number,
): void {
  for (let at = -2; at < count + 2; at++)
    line[at + 2] = values[start + stride * Math.min(count - 1, Math.max(0, at))] as number;
  for (let at = 0; at < count; at++) {
    const outer = (line[at] as number) + (line[at + 4] as number);
    const inner = (line[at + 1] as number) + (line[at + 3] as number);
    values[start + stride * at] = (outer + 4 * inner + 6 * (line[at + 2] as number)) / 16;
  }
}
