/** Window and level: which values are black and white. CT and sCT share one window, so that they can be compared by eye. */
import type { LoadedVolume } from './volume.ts';

export interface GreyWindow {
  /** Values between black and white, in the volume's unit. */
  readonly width: number;
  /** The value shown as middle grey. */
  readonly level: number;
}

export const HU_PRESETS = {
  bone: { width: 1500, level: 300 },
  soft: { width: 400, level: 40 },
  lung: { width: 1500, level: -600 },
} as const satisfies Readonly<Record<string, GreyWindow>>;

export type HuPreset = keyof typeof HU_PRESETS;

/** MR: black to white over the typical range of the values inside the body. */
export function automaticWindow([low, high]: readonly [number, number]): GreyWindow {
  const width = Math.max(high - low, Number.EPSILON);
  return { width, level: low + width / 2 };
}

/** The grey of a value, 0 (black) to 1 (white). */
export function greyOf(value: number, { width, level }: GreyWindow): number {
  return Math.min(1, Math.max(0, (value - level) / width + 0.5));
}

/**
 * The window after a right drag of (dx, dy) CSS pixels: right widens, up brightens. Crossing 400 pixels changes width by `span`
 * (the range of values worth looking at) and level by half of it; `fine` (Shift) is five times slower.
 */
export function draggedWindow(
  from: GreyWindow,
  dx: number,
  dy: number,
  span: number,
  fine: boolean,
): GreyWindow {
  const perPixel = span / 400 / (fine ? 5 : 1);
  const smallest = span / 2000;
  return { width: Math.max(smallest, from.width + dx * perPixel), level: from.level + (dy * perPixel) / 2 };
}

/** The range of values a drag is scaled by: 2000 HU, or the typical range of an MR. */
export function dragSpan(volume: LoadedVolume): number {
  if (volume.unit === 'HU') return 2000;
  const [low, high] = volume.typicalRange;
  return Math.max(high - low, Number.EPSILON);
}

/** Decimals worth showing for a value of this size: none for HU, more for weights. */
export function decimalsFor(span: number): number {
  return span >= 100 ? 0 : span >= 10 ? 1 : 2;
}
