/** How the film's planes are looked at: windows, zoom, the plane that fills the stage, the pixel under the pointer. Linked over all planes. */

export const filmPlaneNames = ['mr', 'ct', 'sct', 'weight'] as const;
export type FilmPlaneName = (typeof filmPlaneNames)[number];

export interface GreyWindow {
  readonly width: number;
  readonly level: number;
}

/** Pixel of the slice: column from the patient's right, row from the front. */
export interface FilmPixel {
  readonly column: number;
  readonly row: number;
}

const automatic: Record<'mr' | 'hu', GreyWindow> = {
  mr: { width: 2, level: 0 },
  hu: { width: 1500, level: 300 },
};

/** What a window can be: MR in its normalised unit, CT and sCT in HU. */
const limits: Record<
  'mr' | 'hu',
  { readonly width: readonly [number, number]; readonly level: readonly [number, number] }
> = {
  mr: { width: [0.02, 4], level: [-1, 1] },
  hu: { width: [10, 5000], level: [-1024, 3000] },
};

export class FilmStage {
  /** MR alone; CT and sCT together, so that they stay comparable. */
  windows = $state.raw<Readonly<Record<'mr' | 'hu', GreyWindow>>>(automatic);
  zoom = $state(1);
  /** Shift of the picture in shares of its own size. */
  shift = $state.raw<readonly [number, number]>([0, 0]);
  maximised = $state<FilmPlaneName | null>(null);
  pixel = $state.raw<FilmPixel | null>(null);

  /** Low and high end of a plane's grey. */
  range(plane: 'mr' | 'ct' | 'sct'): readonly [number, number] {
    const { width, level } = this.windows[plane === 'mr' ? 'mr' : 'hu'];
    return [level - width / 2, level + width / 2];
  }

  /** Right drag: to the right is wider, upwards is brighter; in shares of the picture. */
  dragWindow(plane: FilmPlaneName, right: number, up: number): void {
    if (plane === 'weight') return;
    const kind = plane === 'mr' ? 'mr' : 'hu';
    const { width, level } = this.windows[kind];
    const span = limits[kind].width[1] / 2;
    this.windows = {
      ...this.windows,
      [kind]: {
        width: clamp(width + right * span, limits[kind].width),
        level: clamp(level - up * span, limits[kind].level),
      },
    };
  }

  /** Ctrl wheel. */
  zoomBy(factor: number): void {
    this.zoom = clamp(this.zoom * factor, [1, 12]);
    this.pan(0, 0);
  }

  /** Middle drag, in shares of the picture. */
  pan(right: number, down: number): void {
    const most = (this.zoom - 1) / 2;
    this.shift = [clamp(this.shift[0] + right, [-most, most]), clamp(this.shift[1] + down, [-most, most])];
  }

  toggleMaximised(plane: FilmPlaneName): void {
    this.maximised = this.maximised === plane ? null : plane;
  }

  reset(): void {
    this.windows = automatic;
    this.zoom = 1;
    this.shift = [0, 0];
  }
}

function clamp(value: number, [low, high]: readonly [number, number]): number {
  return Math.min(high, Math.max(low, value));
}
