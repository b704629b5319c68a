/** One side of the bone desk: a CT or sCT, its surface as last made, and its distance to the CT's bone. */
import { colourPoints } from '../lib/meshColours.ts';
import type { LoadedVolume } from '../lib/volume.ts';
import type { SurfaceResult } from '../workers/boneProtocol.ts';
import type { BoneLook } from './boneLook.svelte.ts';

export type BoneTone = 'ct' | 'sct';

export class BoneSideState {
  /** Its name in the worker, unlike that of any other volume shown before. */
  readonly key: string;
  readonly tone: BoneTone;
  /** The model of an sCT; empty for a CT. */
  readonly detail: string;
  readonly volume: LoadedVolume;
  surface = $state.raw<SurfaceResult | null>(null);
  histogram = $state.raw<Uint32Array | null>(null);
  /** Signed distance in mm by point of the fine surface, positive where there is bone that the CT lacks. */
  distancesMm = $state.raw<Float32Array | null>(null);
  /** A fine surface is being made. */
  refining = $state(false);

  /** Three bytes per point of the surface. */
  readonly colours: Uint8Array<ArrayBuffer> | null = $derived.by(() => {
    if (!this.surface) return null;
    const { mode, rangeMm, palette } = this.#look;
    return colourPoints(this.surface.shade, mode === 'distance' ? this.distancesMm : null, rangeMm, palette);
  });

  readonly #look: BoneLook;

  constructor(key: string, tone: BoneTone, detail: string, volume: LoadedVolume, look: BoneLook) {
    this.#look = look;
    this.key = key;
    this.tone = tone;
    this.detail = detail;
    this.volume = volume;
  }

  takeSurface(surface: SurfaceResult): void {
    this.surface = surface;
    this.distancesMm = null;
  }

  /** Ignored when the surface has changed meanwhile. */
  takeDistances(distancesMm: Float32Array): void {
    const points = this.surface?.detail === 'fine' ? this.surface.shade.length : -1;
    if (points === distancesMm.length) this.distancesMm = distancesMm;
  }
}
