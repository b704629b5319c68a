/** What the bone desk calculates with: a voxel grid with values, and a triangle mesh in patient space. */
import type { GridBody } from '../../src-main/api/contract/volumes.ts';

export type VoxelData =
  Int16Array | Uint16Array | Uint8Array | Int8Array | Float32Array | Int32Array | Float64Array;

/** Voxels in HU, i fastest. */
export interface MeshVolume extends GridBody {
  readonly data: VoxelData;
}

export interface Mesh {
  /** x, y, z in LPS mm. */
  readonly points: Float32Array<ArrayBuffer>;
  /** Unit vectors out of the bone, LPS. */
  readonly normals: Float32Array<ArrayBuffer>;
  /** Three points each, counter-clockwise seen from outside. */
  readonly triangles: Uint32Array<ArrayBuffer>;
}

/** A calculation that hands back its share done (0…1) now and then, so that it can be abandoned. */
export type Steps<T> = Generator<number, T>;

/** Runs a calculation to its end. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
