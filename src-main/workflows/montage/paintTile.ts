import { setPixel, type Canvas, type Rectangle } from './canvas.ts';
import type { Tile } from './tile.ts';

/** Draws a tile of `columns` × `rows` own pixels into a rectangle of the picture. */
export function paintTile(
  canvas: Canvas,
  tile: Tile,
  { x, y, width, height }: Rectangle,
  [columns, rows]: readonly [number, number],
): void {
  for (let row = 0; row < height; row++) {
    const py = ((row + 0.5) * rows) / height - 0.5;
    for (let column = 0; column < width; column++) {
      setPixel(canvas, x + column, y + row, tile(((column + 0.5) * columns) / width - 0.5, py));
    }
  }
}
