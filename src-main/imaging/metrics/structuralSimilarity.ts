/**
 * Structural similarity in 3-D over a mask, as the official SynthRAD2023 metric takes it from scikit-image's
 * `structural_similarity(win_size=7, data_range=R, full=True)` (Z. Wang et al., IEEE Trans. Image Process. 13, 2004):
 * uniform 7 × 7 × 7 window, K1 = 0.01, K2 = 0.03, sample covariance (n / (n − 1), n = 343), the map cropped by 3 voxels on every
 * face, mean over the masked voxels of the rest.
 *
 * Only the box that the windows of masked voxels reach is looked at. Sums run along the rows, then the columns, then the slices, in double
 * precision (exact for whole numbers), each voxel being touched once; memory is about 40 slices of the box whatever its height.
 */
import type { Vector3 } from '../../shared/affine.ts';
import { maskBox, type VoxelBox } from '../mask/maskBox.ts';

const WINDOW = 7;
const HALF = 3;
const COUNT = WINDOW ** 3;
/** Sums kept of each window: x, y, x² + y², x·y. The index is the same everywhere, so the loops below write it out. */
const MOMENTS = 4;

/** Writes the values of slice `k` of both images, already clipped and shifted, row by row. */
export type FillSlices = (k: number, a: Float64Array, b: Float64Array) => void;

/**
 * Mean SSIM where `mask` is above zero. Null where it is undefined: a side shorter than 7 voxels, or no masked voxel at least 3 voxels
 * from every face.
 */
export function structuralSimilarity(
  fill: FillSlices,
  mask: ArrayLike<number>,
  size: Vector3,
  dataRange: number,
): number | null {
  const [nx, ny] = size;
  const box = reachOf(mask, size);
  if (!box) return null;
  const [width, height, depth] = box.size;
  const [left, top, first] = box.from;
  if (Math.min(width, height, depth) < WINDOW) return null;
  const a = new Float64Array(nx * ny);
  const b = new Float64Array(nx * ny);
  const rowLength = MOMENTS * width;
  const planeLength = rowLength * height;
  /** Row sums of the last seven rows, their sum over the rows, the plane sums of the last seven slices, their sum over the slices. */
  const rows = new Float64Array(WINDOW * rowLength);
  const columns = new Float64Array(rowLength);
  const planes = new Float64Array(WINDOW * planeLength);
  const sums = new Float64Array(planeLength);
  const similarity = windowSimilarity(dataRange);
  let total = 0;
  let voxels = 0;
  for (let k = 0; k < depth; k++) {
    fill(first + k, a, b);
    rows.fill(0);
    columns.fill(0);
    const plane = (k % WINDOW) * planeLength;
    const centre = nx * ny * (first + k - HALF);
    for (let j = 0; j < height; j++) {
      const row = (j % WINDOW) * rowLength;
      sumRow(a, b, left + nx * (top + j), width, rows, row, columns);
      if (j < WINDOW - 1) continue;
      const maskRow = centre + left + nx * (top + j - HALF);
      for (let i = HALF; i < width - HALF; i++) {
        const column = MOMENTS * i;
        const at = rowLength * (j - HALF) + column;
        const held = plane + at;
        const sumA = (sums[at] as number) + (columns[column] as number) - (planes[held] as number);
        const sumB =
          (sums[at + 1] as number) + (columns[column + 1] as number) - (planes[held + 1] as number);
        const squares =
          (sums[at + 2] as number) + (columns[column + 2] as number) - (planes[held + 2] as number);
        const products =
          (sums[at + 3] as number) + (columns[column + 3] as number) - (planes[held + 3] as number);
        sums[at] = sumA;
        sums[at + 1] = sumB;
        sums[at + 2] = squares;
        sums[at + 3] = products;
        planes[held] = columns[column] as number;
        planes[held + 1] = columns[column + 1] as number;
        planes[held + 2] = columns[column + 2] as number;
        planes[held + 3] = columns[column + 3] as number;
        if (k < WINDOW - 1 || !((mask[maskRow + i] as number) > 0)) continue;
        total += similarity(sumA, sumB, squares, products);
        voxels++;
      }
    }
  }
  return voxels > 0 ? total / voxels : null;
}

/** SSIM of one window from its sums of x, y, x² + y² and x·y. */
function windowSimilarity(
  dataRange: number,
): (sumA: number, sumB: number, squares: number, products: number) => number {
  const c1 = (0.01 * dataRange) ** 2;
  const c2 = (0.03 * dataRange) ** 2;
  const unbiased = COUNT / (COUNT - 1);
  return (sumA, sumB, squares, products) => {
    const meanA = sumA / COUNT;
    const meanB = sumB / COUNT;
    const meanSquares = meanA * meanA + meanB * meanB;
    const variances = unbiased * (squares / COUNT - meanSquares);
    const covariance = unbiased * (products / COUNT - meanA * meanB);
    return ((2 * meanA * meanB + c1) * (2 * covariance + c2)) / ((meanSquares + c1) * (variances + c2));
  };
}

/** Puts the sums over seven voxels of a row where the row seven before it was, and the change into the column sums. */
function sumRow(
  a: Float64Array,
  b: Float64Array,
  start: number,
  width: number,
  rows: Float64Array,
  row: number,
  columns: Float64Array,
): void {
  let [sumA, sumB, squares, products] = [0, 0, 0, 0];
  for (let i = 0; i < width; i++) {
    const x = a[start + i] as number;
    const y = b[start + i] as number;
    sumA += x;
    sumB += y;
    squares += x * x + y * y;
    products += x * y;
    if (i >= WINDOW) {
      const oldX = a[start + i - WINDOW] as number;
      const oldY = b[start + i - WINDOW] as number;
      sumA -= oldX;
      sumB -= oldY;
      squares -= oldX * oldX + oldY * oldY;
      products -= oldX * oldY;
    }
    if (i < WINDOW - 1) continue;
    const column = MOMENTS * (i - HALF);
    const at = row + column;
    columns[column] = (columns[column] as number) + sumA - (rows[at] as number);
    columns[column + 1] = (columns[column + 1] as number) + sumB - (rows[at + 1] as number);
    columns[column + 2] = (columns[column + 2] as number) + squares - (rows[at + 2] as number);
    columns[column + 3] = (columns[column + 3] as number) + products - (rows[at + 3] as number);
    rows[at] = sumA;
    rows[at + 1] = sumB;
    rows[at + 2] = squares;
    rows[at + 3] = products;
  }
}

/** The box of the voxels within 3 of a masked one, inside the volume; null for an empty mask. */
function reachOf(mask: ArrayLike<number>, size: Vector3): VoxelBox | null {
  const box = maskBox(mask, size);
  if (!box) return null;
  const from = box.from.map((low) => Math.max(0, low - HALF)) as unknown as Vector3;
  const extents = size.map((count, axis) => {
    const to = Math.min(count, (box.from[axis] ?? 0) + (box.size[axis] ?? 0) + HALF);
    return to - (from[axis] ?? 0);
  }) as unknown as Vector3;
  return { from, size: extents };
}
