/** How bone is drawn on all sides. */
import { distanceColour, type BonePalette, type Rgb } from '../lib/meshColours.ts';

export const boneModes = ['surface', 'volume', 'distance'] as const;
export type BoneMode = (typeof boneModes)[number];

/** Distances with the full colour, mm. */
export const rangesMm = [2, 5, 10] as const;

const none: Rgb = [0, 0, 0];

export class BoneLook {
  mode = $state<BoneMode>('surface');
  rangeMm = $state<number>(5);
  /** From the theme's tokens. */
  palette = $state.raw<BonePalette>({ bone: none, dense: none, hollow: none, added: none, missing: none });

  /** The colour of a distance on the scale, as CSS. */
  css(mm: number): string {
    return `rgb(${distanceColour(mm, this.rangeMm, this.palette).map(Math.round).join(' ')})`;
  }
}
