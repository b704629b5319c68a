/** How far two pictures of the same size lie apart. */
import { decodePng } from './png.ts';

export interface PictureDifference {
  /** Mean absolute difference of the colour channels, grey levels of 255. */
  readonly mean: number;
  /** Share of the pixels that differ by more than 32 grey levels in some channel. */
  readonly outliers: number;
}

/** Throws when the sizes differ. */
export function comparePictures(first: Uint8Array, second: Uint8Array): PictureDifference {
  const [a, b] = [decodePng(first), decodePng(second)];
  if (a.width !== b.width || a.height !== b.height)
    throw new Error(`One is ${a.width} × ${a.height} pixels, the other ${b.width} × ${b.height}.`);
  let [sum, outliers] = [0, 0];
  for (let at = 0; at < a.data.length; at += 4) {
    let largest = 0;
    for (let channel = 0; channel < 3; channel++) {
      const difference = Math.abs((a.data[at + channel] ?? 0) - (b.data[at + channel] ?? 0));
      sum += difference;
      largest = Math.max(largest, difference);
    }
    if (largest > 32) outliers++;
  }
  const pixels = a.data.length / 4;
  return { mean: sum / (3 * pixels), outliers: outliers / pixels };
}
