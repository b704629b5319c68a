import { PNG } from 'pngjs';
import type { Canvas } from './canvas.ts';

/** The picture as a PNG file: 8 bits, RGB. */
export function encodePng({ width, height, data }: Canvas): Uint8Array {
  const png = new PNG({ width, height });
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let channel = 0; channel < 3; channel++)
      png.data[4 * pixel + channel] = data[3 * pixel + channel] as number;
    png.data[4 * pixel + 3] = 255;
  }
  return PNG.sync.write(png, { colorType: 2 });
}
