/** A volume at one resolution with what its surfaces need: where which values are, the body, the largest part of the bone. */
import { extractIsosurface } from '../lib/meshIsosurface.ts';
import { maskOnGrid } from '../lib/meshMask.ts';
import { largestPart } from '../lib/meshParts.ts';
import { measureRanges, type MeshRanges } from '../lib/meshRanges.ts';
import type { Mesh, MeshVolume, Steps } from '../lib/meshTypes.ts';
import type { LoadedVolume } from '../lib/volume.ts';

export interface SurfaceRules {
  readonly thresholdHu: number;
  /** Only the largest connected part of the bone. */
  readonly largestOnly: boolean;
}

export class BoneLevel {
  readonly volume: MeshVolume;
  readonly ranges: MeshRanges;
  /** One byte per voxel inside the body; undefined: everywhere. */
  readonly body: Uint8Array | undefined;
  #part: { readonly thresholdHu: number; readonly voxels: Uint8Array } | null = null;

  constructor(volume: MeshVolume, outline: LoadedVolume | null) {
    this.volume = volume;
    this.ranges = measureRanges(volume);
    this.body = outline ? maskOnGrid(outline, volume) : undefined;
  }

  /** The voxels a surface is confined to. */
  *within({ thresholdHu, largestOnly }: SurfaceRules): Steps<Uint8Array | undefined> {
    if (!largestOnly) return this.body;
    if (this.#part?.thresholdHu !== thresholdHu) {
      this.#part = { thresholdHu, voxels: yield* largestPart(this.volume, thresholdHu, this.body) };
    }
    return this.#part.voxels;
  }

  *mesh(rules: SurfaceRules): Steps<Mesh> {
    const within = yield* this.within(rules);
    return yield* extractIsosurface(this.volume, this.ranges, { thresholdHu: rules.thresholdHu, within });
  }
}
