/** A picture of a report, ready to be put into a page. */
import { createCanvas, type Canvas } from '../../montage/canvas.ts';
import { encodePng } from '../../montage/encodePng.ts';
import { paintTile } from '../../montage/paintTile.ts';
import type { Tile } from '../../montage/tile.ts';

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly png: Uint8Array;
}

/** A place in a picture, from its top left corner in shares of its sides. */
export interface Mark {
  readonly x: number;
  readonly y: number;
  /** What it marks, in words. */
  readonly text: string;
}

export function pictureOf(canvas: Canvas): Picture {
  return { width: canvas.width, height: canvas.height, png: encodePng(canvas) };
}

/** A tile of `imageSize` own pixels, `pixelMm` each, drawn `width` pixels wide and as high as its millimetres ask for. */
export function tilePicture(
  tile: Tile,
  imageSize: readonly [number, number],
  pixelMm: readonly [number, number],
  width: number,
): Picture {
  const [columns, rows] = imageSize;
  const height = Math.max(1, Math.round((width * rows * pixelMm[1]) / (columns * pixelMm[0])));
  const canvas = createCanvas(width, height, [0, 0, 0]);
  paintTile(canvas, tile, { x: 0, y: 0, width, height }, imageSize);
  return pictureOf(canvas);
}
