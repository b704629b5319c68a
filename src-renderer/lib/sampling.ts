/** Values of a volume at points of patient space, as the graphics card draws them: linear between voxel centres, the outermost half voxel continued. */
import { lpsToIndex, type Vector3 } from './geometry.ts';
import type { LoadedVolume } from './volume.ts';

/** The value at a fractional voxel index, linear between centres; null outside the volume's outer faces. */
export function sampleAtIndex(volume: LoadedVolume, [i, j, k]: Vector3): number | null {
  const [nx, ny, nz] = volume.size;
  if (!(i >= -0.5 && j >= -0.5 && k >= -0.5 && i <= nx - 0.5 && j <= ny - 0.5 && k <= nz - 0.5)) return null;
  const hold = (value: number, n: number): number => Math.min(n - 1, Math.max(0, value));
  const [x, y, z] = [hold(i, nx), hold(j, ny), hold(k, nz)];
  const [x0, y0, z0] = [Math.floor(x), Math.floor(y), Math.floor(z)];
  const [fx, fy, fz] = [x - x0, y - y0, z - z0];
  const [dx, dy, dz] = [fx > 0 ? 1 : 0, fy > 0 ? nx : 0, fz > 0 ? nx * ny : 0];
  const at = x0 + nx * (y0 + ny * z0);
  const data = volume.data;
  const row = (from: number): number => {
    const first = data[from] ?? NaN;
    return first + fx * ((data[from + dx] ?? NaN) - first);
  };
  const plane = (from: number): number => {
    const first = row(from);
    return fy > 0 ? first + fy * (row(from + dy) - first) : first;
  };
  const first = plane(at);
  return fz > 0 ? first + fz * (plane(at + dz) - first) : first;
}

/** The value at a point in LPS mm, linear between voxel centres (labels: the nearest voxel); null outside. */
export function sampleVolume(volume: LoadedVolume, lps: Vector3): number | null {
  const index = lpsToIndex(volume, lps);
  if (volume.unit !== 'label') return sampleAtIndex(volume, index);
  const rounded: Vector3 = [Math.round(index[0]), Math.round(index[1]), Math.round(index[2])];
  return sampleAtIndex(volume, rounded);
}
