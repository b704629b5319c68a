/** Colour maps of the montage; each takes 0…1 (beyond is clipped). */
import type { Rgb } from './canvas.ts';

export type ColourMap = (share: number) => Rgb;

/** A map through `colours`, evenly spaced, mixed linearly between neighbours. */
function through(colours: readonly Rgb[]): ColourMap {
  const last = colours.length - 1;
  return (share) => {
    const place = Math.min(1, Math.max(0, share)) * last;
    const at = Math.min(last - 1, Math.floor(place));
    const [from, to] = [colours[at] as Rgb, colours[at + 1] as Rgb];
    const part = place - at;
    return [
      from[0] + (to[0] - from[0]) * part,
      from[1] + (to[1] - from[1]) * part,
      from[2] + (to[2] - from[2]) * part,
    ];
  };
}

export const grey: ColourMap = through([
  [0, 0, 0],
  [255, 255, 255],
]);

/** Amounts: lightness rises evenly from near black over violet, blue and green to light yellow. */
export const sequential: ColourMap = through([
  [10, 8, 24],
  [48, 26, 96],
  [46, 70, 142],
  [34, 116, 142],
  [46, 160, 122],
  [142, 196, 78],
  [250, 228, 120],
]);

/** Signed differences: dark in the middle, so that agreement recedes; blue below, orange above. */
export const diverging: ColourMap = through([
  [150, 214, 255],
  [50, 128, 216],
  [20, 54, 104],
  [16, 18, 22],
  [108, 48, 16],
  [222, 110, 34],
  [255, 206, 130],
]);
