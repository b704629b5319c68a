/** Slices of a case: MR, CT, and each method with its difference map, failed bone marked in both. */
import { maskWindow } from '../../../imaging/crop/maskWindow.ts';
import { cutWindow, type SliceWindow } from '../../../imaging/crop/sliceWindow.ts';
import { percentiles } from '../../../imaging/intensity/percentiles.ts';
import { diverging, grey } from '../../montage/colourMaps.ts';
import { scalarSlices } from '../../montage/scalarSlices.ts';
import { mappedTile, type Scalars } from '../../montage/tile.ts';
import { spotText, type MethodFailures } from './boneFailures.ts';
import type { CaseImages } from './caseImages.ts';
import { tilePicture, type Mark, type Picture } from './picture.ts';

export interface SlicePictures {
  /** From 0 at the feet. */
  readonly slice: number;
  readonly heightMm: number;
  readonly mr: Picture;
  readonly ct: Picture;
  readonly methods: readonly {
    readonly label: string;
    readonly sct: Picture;
    /** sCT − CT inside the body. */
    readonly difference: Picture;
    readonly marks: readonly Mark[];
  }[];
}

/** Shows fat and organs in dark greys and still tells cortical bone from marrow. */
export const ctWindowHu = [-200, 800] as const;
export const differenceHu = 500;

const pictureWidth = 320;
const borderPx = 3;
/** A spot is shown in slices no farther from its worst voxel. */
const nearMm = 5;

/** Pictures of `slices` (from 0), which must be slices of the case. */
export function drawSlices(
  images: CaseImages,
  failures: readonly MethodFailures[],
  slices: readonly number[],
): SlicePictures[] {
  const { size, spacingMm, mask, methods } = images;
  const window = maskWindow(mask, size, borderPx);
  const [low = 0, high = 1] = mrRange(images, slices);
  const draw = (image: Scalars, range: readonly [number, number], map = grey): Picture =>
    tilePicture(
      mappedTile(image, range, map),
      [window.width, window.height],
      [spacingMm[0], spacingMm[1]],
      pictureWidth,
    );
  return slices.map((slice) => {
    const cut = (data: ArrayLike<number>, padding: number): Scalars =>
      cutSlice(data, size, slice, window, padding);
    const ct = cut(images.ct, -1024);
    const inside = cut(mask, 0);
    return {
      slice,
      heightMm: images.heightMm(slice),
      mr: draw(cut(images.mr, 0), [low, high]),
      ct: draw(ct, ctWindowHu),
      methods: methods.map(({ label, sct }, at) => {
        const image = cut(sct, -1024);
        const error = Float32Array.from(image.data, (hu, pixel) =>
          inside.data[pixel] ? hu - (ct.data[pixel] as number) : 0,
        );
        return {
          label,
          sct: draw(image, ctWindowHu),
          difference: draw({ ...image, data: error }, [-differenceHu, differenceHu], diverging),
          marks: marksIn(failures[at], slice, window, spacingMm[2]),
        };
      }),
    };
  });
}

/** Of the slices that are shown: sorting a whole volume takes longer than drawing. */
function mrRange({ mr, mask, size: [nx, ny] }: CaseImages, slices: readonly number[]): number[] {
  const shown = slices.flatMap((slice) => {
    const part = (values: ArrayLike<number>): number[] =>
      Array.from({ length: nx * ny }, (_, at) => values[slice * nx * ny + at] as number);
    const inside = part(mask);
    return part(mr).filter((_, at) => inside[at]);
  });
  return percentiles(shown, [0.5, 99.5]);
}

function marksIn(
  failures: MethodFailures | undefined,
  slice: number,
  { left, top, width, height }: SliceWindow,
  sliceMm: number,
): Mark[] {
  const near = (failures?.spots ?? []).filter(({ voxel }) => Math.abs(voxel[2] - slice) * sliceMm <= nearMm);
  return near.map((spot) => ({
    x: (spot.voxel[0] - left + 0.5) / width,
    y: (spot.voxel[1] - top + 0.5) / height,
    text: spotText(spot),
  }));
}

function cutSlice(
  data: ArrayLike<number>,
  [nx, ny]: CaseImages['size'],
  slice: number,
  window: SliceWindow,
  padding: number,
): Scalars {
  const plane = nx * ny;
  const own = Float32Array.from({ length: plane }, (_, at) => data[slice * plane + at] as number);
  const [image] = scalarSlices(cutWindow(own, [nx, ny, 1], window, padding), window);
  if (!image) throw new RangeError('The window about the body is empty.');
  return image;
}
