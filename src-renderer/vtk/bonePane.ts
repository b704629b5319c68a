/** What one half of the bone desk shows, as plain data: the scene draws exactly this. */
import type { BoneCamera } from '../lib/meshCamera.ts';
import type { ClipPlane } from '../lib/meshPick.ts';
import type { Mesh } from '../lib/meshTypes.ts';
import type { LoadedVolume } from '../lib/volume.ts';

export interface BoneSurface {
  readonly mesh: Mesh;
  /** Red, green and blue per point. */
  readonly colours: Uint8Array<ArrayBuffer>;
}

export interface BoneVolume {
  readonly volume: LoadedVolume;
  readonly thresholdHu: number;
  /** Red, green, blue, 0…1, of the least and of the densest bone. */
  readonly soft: readonly [number, number, number];
  readonly dense: readonly [number, number, number];
}

export interface BonePane {
  /** Place in the scene's container, CSS pixels from its top left corner. */
  readonly rectangle: {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  };
  readonly camera: BoneCamera;
  readonly surface: BoneSurface | null;
  readonly volume: BoneVolume | null;
  readonly clip: ClipPlane | null;
}
