/** The weight-map film (the abstract's Figure 2c): one training slice, its weights over the CT, epoch by epoch, all in one scale. */
import { percentiles } from '../../../imaging/intensity/percentiles.ts';
import type { Rgb } from '../../montage/canvas.ts';
import { grey, sequential } from '../../montage/colourMaps.ts';
import { mappedTile, sample, type Scalars, type Tile } from '../../montage/tile.ts';
import { ctWindowHu } from './drawSlices.ts';
import { tilePicture, type Picture } from './picture.ts';

export interface FilmFrames {
  readonly size: readonly [width: number, height: number];
  readonly pixelMm: readonly [number, number];
  readonly ctHu: Float32Array;
  /** Weights relative to the mean of their batch. */
  readonly frames: readonly { readonly epoch: number; readonly weight: Float32Array }[];
}

export interface FilmStrip {
  readonly ct: Picture;
  readonly frames: readonly { readonly epoch: number; readonly picture: Picture }[];
  /** The weight that the brightest colour stands for. */
  readonly topWeight: number;
}

const pictureWidth = 240;
const colourShare = 0.65;
const airHu = -500;

/** Draws the frames in one scale, whose end is the largest of their 99th percentiles inside the body. */
export function drawFilm({ size, pixelMm, ctHu, frames }: FilmFrames): FilmStrip {
  const [width, height] = size;
  const body = Uint8Array.from(ctHu, (hu) => (hu > airHu ? 1 : 0));
  const tops = frames.map(({ weight }) => percentiles(weight, [99], body)[0] ?? 1);
  const topWeight = Math.max(1, ...tops);
  const image = (data: Float32Array): Scalars => ({ width, height, data });
  const ct = mappedTile(image(ctHu), ctWindowHu, grey);
  const draw = (tile: Tile): Picture => tilePicture(tile, size, pixelMm, pictureWidth);
  return {
    ct: draw(ct),
    topWeight,
    frames: frames.map(({ epoch, weight }) => ({
      epoch,
      picture: draw((x, y): Rgb => {
        const under = ct(x, y);
        const over = sequential(sample(image(weight), x, y) / topWeight);
        const mix = (at: 0 | 1 | 2): number => under[at] + (over[at] - under[at]) * colourShare;
        return [mix(0), mix(1), mix(2)];
      }),
    })),
  };
}
