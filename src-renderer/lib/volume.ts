/** A volume in the window's memory: the header as sent and the voxels in their own type (int16 stays int16), i fastest. */
import type { GridBody, VolumeHeader } from '../../src-main/api/contract/volumes.ts';

export type VoxelData =
  | Int16Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>
  | Int8Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>;

export interface LoadedVolume extends VolumeHeader {
  /** `size[0] * size[1] * size[2]` values; index = i + nx * (j + ny * k). */
  readonly data: VoxelData;
}

const views: Record<VolumeHeader['type'], (bytes: ArrayBuffer) => VoxelData> = {
  int16: (bytes) => new Int16Array(bytes),
  uint16: (bytes) => new Uint16Array(bytes),
  uint8: (bytes) => new Uint8Array(bytes),
  int8: (bytes) => new Int8Array(bytes),
  int32: (bytes) => new Int32Array(bytes),
  float32: (bytes) => new Float32Array(bytes),
  float64: (bytes) => new Float64Array(bytes),
};

/** Views `bytes` as the header says; throws when their number does not match the grid. */
export function makeVolume(header: VolumeHeader, bytes: ArrayBuffer): LoadedVolume {
  const data = views[header.type](bytes);
  const expected = header.size[0] * header.size[1] * header.size[2];
  if (data.length !== expected) {
    throw new Error(`A volume of ${String(expected)} voxels came with ${String(data.length)}.`);
  }
  return { ...header, data };
}

/** Where a volume lies, without its voxels. */
export function gridOf(volume: LoadedVolume | undefined): GridBody | null {
  return volume ? { size: volume.size, indexToLps: volume.indexToLps } : null;
}
