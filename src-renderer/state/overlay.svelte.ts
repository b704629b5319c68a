/** The map laid over every viewport: weights, signed HU difference or body mask, with linear opacity. */
import type { GridBody } from '../../src-main/api/contract/volumes.ts';
import type { ColourMapName } from '../lib/colourMaps.ts';
import { gridOf, type LoadedVolume } from '../lib/volume.ts';
import type { GreyWindow } from '../lib/windowing.ts';
import { differences } from './differences.svelte.ts';
import { study } from './study.svelte.ts';

export const OVERLAY_KINDS = ['none', 'weight', 'difference', 'mask'] as const;
export type OverlayKind = (typeof OVERLAY_KINDS)[number];

export interface OverlayLayer {
  readonly volume: LoadedVolume;
  readonly window: GreyWindow;
  readonly map: ColourMapName;
  /** Where else it has to lie to be known; null: nowhere. */
  readonly within: GridBody | null;
}

class Overlay {
  kind = $state<OverlayKind>('none');
  /** 0 to 1; 1 hides what lies below. */
  opacity = $state(0.45);
  /** Half of the difference's window. */
  rangeHu = $state(200);
  /** Hidden by the quick key without forgetting what it was. */
  hidden = $state(false);
  #last: OverlayKind = 'none';

  /** Why a kind cannot be shown, as the key of a text; null when it can. */
  missing(kind: OverlayKind): string | null {
    const { detail } = study;
    if (kind === 'weight' && !detail?.hasWeight) return 'synthesize.overlay.noWeight';
    if (kind === 'mask' && !detail?.hasMask) return 'synthesize.overlay.noMask';
    if (kind === 'difference' && !(detail?.ct && study.sctId !== null))
      return 'synthesize.overlay.noDifference';
    return null;
  }

  /** What is drawn now; null while there is nothing to draw. */
  readonly layer: OverlayLayer | null = $derived.by(() => {
    if (this.hidden || this.missing(this.kind) !== null) return null;
    if (this.kind === 'weight') {
      const volume = study.volumes.weight;
      const width = Math.max(2, volume?.typicalRange[1] ?? 2);
      return volume ? { volume, window: { width, level: width / 2 }, map: 'sequential', within: null } : null;
    }
    if (this.kind === 'mask') {
      const volume = study.volumes.mask;
      return volume ? { volume, window: { width: 1, level: 0.5 }, map: 'label', within: null } : null;
    }
    if (this.kind !== 'difference') return null;
    const volume = differences.of('sct', 'ct');
    const within = gridOf(study.volumes.ct);
    return volume
      ? { volume, window: { width: 2 * this.rangeHu, level: 0 }, map: 'diverging', within }
      : null;
  });

  show(kind: OverlayKind): void {
    this.kind = kind;
    this.hidden = false;
    if (kind !== 'none') this.#last = kind;
    if (kind === 'weight' || kind === 'mask') void study.ensure(kind);
  }

  /** Away and back again: shows what was last shown, or the first map there is. */
  toggle(): void {
    if (this.kind !== 'none') {
      this.hidden = !this.hidden;
      return;
    }
    const kinds: readonly OverlayKind[] = [this.#last, 'weight', 'difference', 'mask'];
    const kind = kinds.find((candidate) => candidate !== 'none' && this.missing(candidate) === null);
    if (kind !== undefined) this.show(kind);
  }

  /** The next map that can be shown, `none` included. */
  next(): void {
    const there = OVERLAY_KINDS.filter((kind) => this.missing(kind) === null);
    this.show(there[(there.indexOf(this.kind) + 1) % there.length] ?? 'none');
  }

  changeOpacity(by: number): void {
    this.opacity = Math.min(1, Math.max(0, Math.round((this.opacity + by) * 100) / 100));
  }
}

export const overlay = new Overlay();
