/**
 * A small picture of a volume: the middle axial slice as a radiologist sees it (patient's right on the left, anterior up), 96 px high, in
 * the aspect of its millimetres. Each pixel is the mean of four places within it, so that fine structure does not alias.
 */
import { PNG } from 'pngjs';
import { axialGrid, axialOrder } from '../../imaging/orient/toAxialLps.ts';
import { affineSpacing } from '../../shared/affine.ts';
import type { VoxelArray } from '../../shared/volume.ts';
import type { StoredVolume } from './storedVolume.ts';

const heightPx = 96;
const widestPx = 4 * heightPx;

/** The picture as a PNG file (8-bit grey); `low` is black, `high` white, what is no number is black. */
export async function drawThumbnail(
  volume: StoredVolume,
  [low, high]: readonly [number, number],
): Promise<Uint8Array> {
  const { valueAt, columns, rows, aspect } = await middleSlice(volume);
  const width = Math.min(widestPx, Math.max(1, Math.round((heightPx * columns * aspect) / rows)));
  const png = new PNG({ width, height: heightPx });
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (const [dx, dy] of [
        [0.25, 0.25],
        [0.75, 0.25],
        [0.25, 0.75],
        [0.75, 0.75],
      ] as const) {
        const value = valueAt(
          Math.floor(((x + dx) * columns) / width),
          Math.floor(((y + dy) * rows) / heightPx),
        );
        sum += Number.isFinite(value) ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 0;
      }
      const at = 4 * (y * width + x);
      png.data.fill(Math.round((sum / 4) * 255), at, at + 3);
      png.data[at + 3] = 255;
    }
  }
  return PNG.sync.write(png, { colorType: 0 });
}

interface Slice {
  readonly columns: number;
  readonly rows: number;
  /** Width of a pixel over its height, in mm. */
  readonly aspect: number;
  readonly valueAt: (column: number, row: number) => number;
}

/** Columns run to the patient's left, rows to posterior. */
async function middleSlice(volume: StoredVolume): Promise<Slice> {
  const { grid } = volume;
  const { from, flipped } = axialOrder(grid);
  const axial = axialGrid(grid);
  const [columns, rows, slices] = axial.size;
  const spacing = affineSpacing(axial.indexToLps);
  const middle = Math.floor(slices / 2);
  const stored: [number, number, number] = [0, 0, 0];
  const place = (axis: 0 | 1 | 2, index: number): void => {
    stored[from[axis]] = flipped[axis] ? axial.size[axis] - 1 - index : index;
  };
  place(2, middle);
  // Axial acquisitions, by far the most, need one slice of the file; others need all of it.
  const isOneSlice = from[2] === 2;
  const values: VoxelArray = isOneSlice ? await volume.readSlice(stored[2]) : await volume.readAll();
  const [nx, ny] = grid.size;
  return {
    columns,
    rows,
    aspect: spacing[0] / spacing[1],
    valueAt(column, row) {
      place(0, column);
      place(1, row);
      const [i, j, k] = stored;
      return values[i + nx * (j + ny * (isOneSlice ? 0 : k))] ?? NaN;
    },
  };
}
