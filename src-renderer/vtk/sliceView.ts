/** What a viewport shows, as plain data: the scene draws exactly this. Lengths in mm, positions in LPS unless said otherwise. */
import type { GridBody } from '../../src-main/api/contract/volumes.ts';
import type { ColourMapName } from '../lib/colourMaps.ts';
import type { Vector3 } from '../lib/geometry.ts';
import type { LoadedVolume } from '../lib/volume.ts';
import type { GreyWindow } from '../lib/windowing.ts';

/** A part of a plane in mm to the right of and above the view's centre. */
export interface PlanePart {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}

export interface SliceLayer {
  readonly volume: LoadedVolume;
  readonly window: GreyWindow;
  readonly map: ColourMapName;
  /** Linear; 1 hides what lies below. */
  readonly opacity: number;
  /** Linear between voxels, or every voxel as a square. */
  readonly smooth: boolean;
  /** Null: the whole view. */
  readonly parts: readonly PlanePart[] | null;
  /** Drawn only where this grid lies too; null: wherever the volume does. */
  readonly within: GridBody | null;
}

export interface SliceView {
  readonly id: string;
  /** Place in the scene's container, CSS pixels from its top left corner. */
  readonly rectangle: {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  };
  /** The point of the plane at the middle of the viewport. */
  readonly centre: Vector3;
  /** Unit vectors of the screen. */
  readonly right: Vector3;
  readonly up: Vector3;
  readonly mmPerPixel: number;
  /** From the bottom to the top. */
  readonly layers: readonly SliceLayer[];
}
