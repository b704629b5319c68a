/** One image of the montage: scalars on a pixel grid, shown larger by linear interpolation of the scalars, then coloured. */
import type { Rgb } from './canvas.ts';
import type { ColourMap } from './colourMaps.ts';

/** Pixels of an image [height, width]. */
export interface Scalars {
  readonly width: number;
  readonly height: number;
  readonly data: ArrayLike<number>;
}

/** The colour at a place in pixels of the image: (0, 0) is the centre of the first one. */
export type Tile = (x: number, y: number) => Rgb;

/** Value at (`x`, `y`), linear between pixel centres, the edge's value beyond. */
export function sample({ width, height, data }: Scalars, x: number, y: number): number {
  const px = Math.min(width - 1, Math.max(0, x));
  const py = Math.min(height - 1, Math.max(0, y));
  const left = Math.floor(px);
  const top = Math.floor(py);
  const right = Math.min(left + 1, width - 1);
  const upper = width * top;
  const lower = width * Math.min(top + 1, height - 1);
  const above = between(data[upper + left] as number, data[upper + right] as number, px - left);
  const below = between(data[lower + left] as number, data[lower + right] as number, px - left);
  return between(above, below, py - top);
}

function between(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}

/** Values from `low` to `high` become the colours of `map` from its beginning to its end. */
export function mappedTile(image: Scalars, [low, high]: readonly [number, number], map: ColourMap): Tile {
  return (x, y) => map((sample(image, x, y) - low) / (high - low));
}

/** `base` with `colour` over it, as strong as `amount` (0…1) says. */
export function overlaidTile(base: Tile, amount: Scalars, colour: Rgb): Tile {
  return (x, y) => {
    const under = base(x, y);
    const share = Math.min(1, Math.max(0, sample(amount, x, y)));
    return [
      under[0] + (colour[0] - under[0]) * share,
      under[1] + (colour[1] - under[1]) * share,
      under[2] + (colour[2] - under[2]) * share,
    ];
  };
}
