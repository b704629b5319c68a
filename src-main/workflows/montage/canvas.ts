/** A picture in memory: rows of RGB bytes, origin at the top left, x to the right, y down, in pixels. */

export type Rgb = readonly [red: number, green: number, blue: number];

export interface Canvas {
  readonly width: number;
  readonly height: number;
  /** [height, width, 3]. */
  readonly data: Uint8Array;
}

/** A picture of one colour. */
export function createCanvas(width: number, height: number, background: Rgb): Canvas {
  const canvas = { width, height, data: new Uint8Array(width * height * 3) };
  fillRectangle(canvas, { x: 0, y: 0, width, height }, background);
  return canvas;
}

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Fills the part of a rectangle (whole pixels) that lies in the picture. */
export function fillRectangle(canvas: Canvas, { x, y, width, height }: Rectangle, colour: Rgb): void {
  for (let row = Math.max(0, y); row < Math.min(canvas.height, y + height); row++)
    for (let column = Math.max(0, x); column < Math.min(canvas.width, x + width); column++)
      setPixel(canvas, column, row, colour);
}

/** Colours a pixel that lies in the picture. */
export function setPixel({ width, data }: Canvas, x: number, y: number, [red, green, blue]: Rgb): void {
  const at = 3 * (y * width + x);
  data[at] = red;
  data[at + 1] = green;
  data[at + 2] = blue;
}

/** Mixes `colour` into a pixel, `share` 0…1; nothing outside the picture. */
export function blendPixel(
  { width, height, data }: Canvas,
  x: number,
  y: number,
  colour: Rgb,
  share: number,
): void {
  if (x < 0 || y < 0 || x >= width || y >= height) return;
  const at = 3 * (y * width + x);
  for (let channel = 0; channel < 3; channel++) {
    const old = data[at + channel] as number;
    data[at + channel] = Math.round(old + ((colour[channel] as number) - old) * share);
  }
}
