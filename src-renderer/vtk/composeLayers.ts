/** Which layers a viewport is made of: its image, or a pair compared, and the map over it. Pure; the scene draws the result. */
import type { GridBody } from '../../src-main/api/contract/volumes.ts';
import type { PlanePart, SliceLayer } from './sliceView.ts';
import type { ColourMapName } from '../lib/colourMaps.ts';
import type { LoadedVolume } from '../lib/volume.ts';
import type { GreyWindow } from '../lib/windowing.ts';

export interface GreyImage {
  readonly volume: LoadedVolume | undefined;
  readonly window: GreyWindow;
}

export type Comparison =
  | { readonly mode: 'wipe'; readonly share: number }
  | { readonly mode: 'checker'; readonly sizeMm: number }
  /** The second over the first. */
  | { readonly mode: 'blend'; readonly share: number }
  | { readonly mode: 'blink'; readonly second: boolean }
  | {
      readonly mode: 'difference';
      readonly volume: LoadedVolume | null;
      readonly range: number;
      /** Where the volume that was taken away lies: beyond it there is no difference. */
      readonly within: GridBody | null;
    };

export interface ViewContent {
  readonly base: GreyImage;
  /** The pair shown instead of the base. */
  readonly compared: {
    readonly first: GreyImage;
    readonly second: GreyImage;
    readonly how: Comparison;
  } | null;
  readonly overlay: {
    readonly volume: LoadedVolume;
    readonly window: GreyWindow;
    readonly map: ColourMapName;
    readonly opacity: number;
    readonly within: GridBody | null;
  } | null;
  readonly smooth: boolean;
  /** Size of the viewport in mm. */
  readonly widthMm: number;
  readonly heightMm: number;
  /** What is in the middle of the viewport, mm from the patient's fixed point: the checkerboard stays with the patient. */
  readonly panMm: readonly [number, number];
}

function grey(
  { volume, window }: GreyImage,
  smooth: boolean,
  parts: readonly PlanePart[] | null = null,
): SliceLayer[] {
  return volume ? [{ volume, window, map: 'grey', opacity: 1, smooth, parts, within: null }] : [];
}

/** The squares of one colour of a checkerboard over the viewport. */
export function checkParts(
  { widthMm, heightMm, panMm }: Pick<ViewContent, 'widthMm' | 'heightMm' | 'panMm'>,
  sizeMm: number,
  colour: 0 | 1,
): PlanePart[] {
  const parts: PlanePart[] = [];
  const [halfWidth, halfHeight] = [widthMm / 2, heightMm / 2];
  const cell = (mm: number): number => Math.floor(mm / sizeMm);
  for (let row = cell(panMm[1] - halfHeight); row <= cell(panMm[1] + halfHeight); row += 1)
    for (let column = cell(panMm[0] - halfWidth); column <= cell(panMm[0] + halfWidth); column += 1) {
      if (Math.abs(row + column) % 2 !== colour) continue;
      const [left, bottom] = [column * sizeMm - panMm[0], row * sizeMm - panMm[1]];
      parts.push({
        left: Math.max(-halfWidth, left),
        right: Math.min(halfWidth, left + sizeMm),
        bottom: Math.max(-halfHeight, bottom),
        top: Math.min(halfHeight, bottom + sizeMm),
      });
    }
  return parts;
}

function comparedLayers(
  content: ViewContent,
  { first, second, how }: NonNullable<ViewContent['compared']>,
): SliceLayer[] {
  const { smooth, widthMm, heightMm } = content;
  if (how.mode === 'blink') return grey(how.second ? second : first, smooth);
  if (how.mode === 'blend') {
    return [
      ...grey(first, smooth),
      ...grey(second, smooth).map((layer) => ({ ...layer, opacity: how.share })),
    ];
  }
  if (how.mode === 'difference') {
    if (!how.volume) return [];
    const window = { width: 2 * how.range, level: 0 };
    const { volume, within } = how;
    return [{ volume, window, map: 'diverging', opacity: 1, smooth, parts: null, within }];
  }
  if (how.mode === 'checker') {
    return [
      ...grey(first, smooth, checkParts(content, how.sizeMm, 0)),
      ...grey(second, smooth, checkParts(content, how.sizeMm, 1)),
    ];
  }
  const line = (how.share - 0.5) * widthMm;
  const [bottom, top] = [-heightMm / 2, heightMm / 2];
  return [
    ...grey(first, smooth, [{ left: -widthMm / 2, right: line, bottom, top }]),
    ...grey(second, smooth, [{ left: line, right: widthMm / 2, bottom, top }]),
  ];
}

/** The viewport's layers from the bottom to the top. */
export function composeLayers(content: ViewContent): readonly SliceLayer[] {
  const { base, compared, overlay, smooth } = content;
  const layers = compared ? comparedLayers(content, compared) : grey(base, smooth);
  // A difference already is a map, and where there is no image there is nothing to lay a map over.
  if (!overlay || layers.length === 0 || compared?.how.mode === 'difference') return layers;
  return [...layers, { ...overlay, smooth: smooth && overlay.map !== 'label', parts: null }];
}
