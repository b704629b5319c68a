/** What the grid of a phantom leaves out of its patient, and what it asks of a scan that the scan does not hold. */
import type { Grid } from '../../shared/volume.ts';
import { voxelCount } from '../../shared/volume.ts';
import type { PointSample } from './anatomy.ts';
import type { PhantomSubject } from './phantomSubject.ts';

export interface PhantomCut {
  /** Whether the body, as the MR or as the CT sees it, goes on beyond the first or last column (x) or row (y). */
  readonly x: boolean;
  readonly y: boolean;
  /** Slices that lie beyond the scan where the body would be, wholly or in part. */
  readonly slices: number;
}

interface Drawn {
  readonly subject: PhantomSubject;
  /** Axis-aligned. */
  readonly grid: Grid;
  /** On the anatomy of the MR. */
  readonly labels: Uint8Array;
  readonly displacement: Float32Array;
}

/** Looks one voxel beyond the images' sides, and for every voxel that some slice has body at whether its slice is in the scan. */
export function phantomCut({ subject, grid, labels, displacement }: Drawn): PhantomCut {
  const { anatomy, covers } = subject;
  const [nx, ny, nz] = grid.size;
  const [sx, , , ox, , sy, , oy, , , sz, oz] = grid.indexToLps;
  const plane = nx * ny;
  const count = voxelCount(grid);
  const sample: PointSample = { label: 0, hu: 0, mr: 0 };
  /** Whether `test` holds of the place of (i, j, k) or of where the CT takes it from; beyond the grid as displaced as at its side. */
  const either = (
    i: number,
    j: number,
    k: number,
    test: (x: number, y: number, z: number) => boolean,
  ): boolean => {
    const inside = (index: number, size: number): number => Math.min(size - 1, Math.max(0, index));
    const at = inside(i, nx) + nx * inside(j, ny) + plane * k;
    const [x, y, z] = [ox + sx * i, oy + sy * j, oz + sz * k];
    const d = (axis: number): number => displacement[axis * count + at] as number;
    return test(x, y, z) || test(x + d(0), y + d(1), z + d(2));
  };
  const isBody = (x: number, y: number, z: number): boolean => {
    anatomy(x, y, z, sample);
    return sample.label > 0;
  };
  const slices = Array.from({ length: nz }, (_, k) => k);
  const columns = Array.from({ length: nx }, (_, i) => i);
  const rows = Array.from({ length: ny }, (_, j) => j);
  const shadow = new Uint8Array(plane);
  labels.forEach((label, at) => {
    if (label > 0) shadow[at % plane] = 1;
  });
  return {
    x: slices.some((k) => rows.some((j) => either(-1, j, k, isBody) || either(nx, j, k, isBody))),
    y: slices.some((k) => columns.some((i) => either(i, -1, k, isBody) || either(i, ny, k, isBody))),
    slices: covers
      ? slices.filter((k) =>
          shadow.some(
            (body, at) => body > 0 && either(at % nx, Math.floor(at / nx), k, (x, y, z) => !covers(x, y, z)),
          ),
        ).length
      : 0,
  };
}
