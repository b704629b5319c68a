import { PNG } from 'pngjs';
import type { Canvas } from './canvas.ts';

const [greyLevels, trueColour] = [0, 2] as const;

/** The picture as a PNG file of 8 bits: grey where every pixel is, else RGB. */
export function encodePng({ width, height, data }: Canvas): Uint8Array {
  const png = new PNG({ width, height });
  let isGrey = true;
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let channel = 0; channel < 3; channel++)
      png.data[4 * pixel + channel] = data[3 * pixel + channel] as number;
    png.data[4 * pixel + 3] = 255;
    isGrey &&= data[3 * pixel] === data[3 * pixel + 1] && data[3 * pixel] === data[3 * pixel + 2];
  }
  return PNG.sync.write(png, { colorType: isGrey ? greyLevels : trueColour });
}
