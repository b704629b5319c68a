/**
 * Resamples a volume onto another voxel grid through patient space.
 *
 * Every target voxel centre is mapped target index → LPS → source index (any obliquity), and the source is read there by
 * trilinear or nearest-neighbour interpolation. A point belongs to the source while it lies within its voxels, that is up to
 * half a voxel beyond the outermost centres, where the edge value is held (the rule of ITK's image functions); farther out the
 * value is `outside`. Limits: point sampling, so shrinking by more than about two aliases fine detail.
 */
import { composeAffine, invertAffine, type Affine } from '../../shared/affine.ts';
import { voxelCount, type Grid, type Volume } from '../../shared/volume.ts';

export interface ResampleOptions {
  readonly interpolation: 'linear' | 'nearest';
  /** The value of points outside the source's voxels. */
  readonly outside: number;
}

/** Slack in voxels, so that rounding in the affines neither drops an edge voxel nor blends two that coincide. */
const SLACK = 1e-4;

/** `volume` on `targetGrid`; values keep their unit. Throws a RangeError when the source affine is singular. */
export function resampleVolume(
  volume: Volume,
  targetGrid: Grid,
  options: ResampleOptions,
): Volume<Float32Array> {
  const toSource = composeAffine(invertAffine(volume.grid.indexToLps), targetGrid.indexToLps);
  const data = isAxisAligned(toSource)
    ? resampleAlongAxes(volume, targetGrid, toSource, options)
    : resampleObliquely(volume, targetGrid, toSource, options);
  return { grid: targetGrid, data };
}

/** Whether each source index depends on the same target index alone, to within `SLACK` over thousands of voxels. */
function isAxisAligned([, b, c, , d, , f, , g, h]: Affine): boolean {
  return [b, c, d, f, g, h].every((value) => Math.abs(value) < SLACK * 1e-3);
}

interface AxisTable {
  /** Lower neighbour's index; −1 outside. */
  readonly lower: Int32Array;
  readonly upper: Int32Array;
  /** Weight of the upper neighbour, 0…1. */
  readonly weight: Float64Array;
}

function axisTable(
  count: number,
  sourceCount: number,
  scale: number,
  start: number,
  nearest: boolean,
): AxisTable {
  const lower = new Int32Array(count).fill(-1);
  const upper = new Int32Array(count);
  const weight = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const at = start + scale * i;
    if (at < -0.5 - SLACK || at > sourceCount - 0.5 + SLACK) continue;
    const held = settle(Math.min(Math.max(at, 0), sourceCount - 1));
    const low = nearest ? Math.round(held) : Math.floor(held);
    lower[i] = low;
    upper[i] = nearest ? low : Math.min(low + 1, sourceCount - 1);
    weight[i] = nearest ? 0 : held - low;
  }
  return { lower, upper, weight };
}

/** Snaps to a voxel centre that is only rounding away. */
function settle(at: number): number {
  const whole = Math.round(at);
  return Math.abs(at - whole) < SLACK ? whole : at;
}

function resampleAlongAxes(
  { grid: source, data }: Volume,
  target: Grid,
  [a, , , tx, , e, , ty, , , i, tz]: Affine,
  { interpolation, outside }: ResampleOptions,
): Float32Array {
  const [nx, ny, nz] = target.size;
  const [sx, sy, sz] = source.size;
  const nearest = interpolation === 'nearest';
  const xs = axisTable(nx, sx, a, tx, nearest);
  const ys = axisTable(ny, sy, e, ty, nearest);
  const zs = axisTable(nz, sz, i, tz, nearest);
  const out = new Float32Array(voxelCount(target)).fill(outside);
  for (let k = 0; k < nz; k++) {
    const k0 = zs.lower[k] as number;
    if (k0 < 0) continue;
    const k1 = zs.upper[k] as number;
    const wk = zs.weight[k] as number;
    for (let j = 0; j < ny; j++) {
      const j0 = ys.lower[j] as number;
      if (j0 < 0) continue;
      const j1 = ys.upper[j] as number;
      const wj = ys.weight[j] as number;
      const r00 = sx * (j0 + sy * k0);
      const r10 = sx * (j1 + sy * k0);
      const r01 = sx * (j0 + sy * k1);
      const r11 = sx * (j1 + sy * k1);
      const row = nx * (j + ny * k);
      for (let n = 0; n < nx; n++) {
        const i0 = xs.lower[n] as number;
        if (i0 < 0) continue;
        const i1 = xs.upper[n] as number;
        const w = xs.weight[n] as number;
        const v00 = mix(data[r00 + i0] as number, data[r00 + i1] as number, w);
        const v10 = mix(data[r10 + i0] as number, data[r10 + i1] as number, w);
        const v01 = mix(data[r01 + i0] as number, data[r01 + i1] as number, w);
        const v11 = mix(data[r11 + i0] as number, data[r11 + i1] as number, w);
        out[row + n] = mix(mix(v00, v10, wj), mix(v01, v11, wj), wk);
      }
    }
  }
  return out;
}

function resampleObliquely(
  { grid: source, data }: Volume,
  target: Grid,
  [a, b, c, tx, d, e, f, ty, g, h, m, tz]: Affine,
  { interpolation, outside }: ResampleOptions,
): Float32Array {
  const [nx, ny, nz] = target.size;
  const [sx, sy, sz] = source.size;
  const nearest = interpolation === 'nearest';
  const out = new Float32Array(voxelCount(target)).fill(outside);
  let at = 0;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) {
        const x = a * i + b * j + c * k + tx;
        if (x < -0.5 - SLACK || x > sx - 0.5 + SLACK) continue;
        const y = d * i + e * j + f * k + ty;
        if (y < -0.5 - SLACK || y > sy - 0.5 + SLACK) continue;
        const z = g * i + h * j + m * k + tz;
        if (z < -0.5 - SLACK || z > sz - 0.5 + SLACK) continue;
        const hx = settle(Math.min(Math.max(x, 0), sx - 1));
        const hy = settle(Math.min(Math.max(y, 0), sy - 1));
        const hz = settle(Math.min(Math.max(z, 0), sz - 1));
        if (nearest) {
          out[at] = data[Math.round(hx) + sx * (Math.round(hy) + sy * Math.round(hz))] as number;
          continue;
        }
        const i0 = Math.floor(hx);
        const j0 = Math.floor(hy);
        const k0 = Math.floor(hz);
        const di = i0 + 1 < sx ? 1 : 0;
        const dj = j0 + 1 < sy ? sx : 0;
        const dk = k0 + 1 < sz ? sx * sy : 0;
        const p = i0 + sx * (j0 + sy * k0);
        const wx = hx - i0;
        const wy = hy - j0;
        const v00 = mix(data[p] as number, data[p + di] as number, wx);
        const v10 = mix(data[p + dj] as number, data[p + dj + di] as number, wx);
        const v01 = mix(data[p + dk] as number, data[p + dk + di] as number, wx);
        const v11 = mix(data[p + dk + dj] as number, data[p + dk + dj + di] as number, wx);
        out[at] = mix(mix(v00, v10, wy), mix(v01, v11, wy), hz - k0);
      }
    }
  }
  return out;
}

function mix(a: number, b: number, weight: number): number {
  return a + (b - a) * weight;
}
