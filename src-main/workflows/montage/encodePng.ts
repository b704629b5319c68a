import { PNG } from 'pngjs';
import type { Canvas } from './canvas.ts';

/** The picture as a PNG file: 8 bits, RGB. */
export function encodePng({ width, height, data }: Canvas): Uint8Array {
  const png = new PNG({ width, height, colorType: 2 });
  for (let pixel = 0; pixel < width * height; pixel++) {
    png.data.set(data.subarray(3 * pixel, 3 * pixel + 3), 4 * pixel);
    png.data[4 * pixel + 3] = 255;
  }
  return PNG.sync.write(png, { colorType: 2 });
}
