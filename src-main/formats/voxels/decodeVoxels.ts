/**
 * Raw voxel bytes → the array types a `Volume` may have.
 *
 * 32-bit unsigned and 64-bit integers have no voxel array of their own and become Float64 (exact to 2^53). The host is
 * little-endian (every platform Node and Electron ship for is). The result is always a fresh, aligned array.
 */
import type { VoxelArray } from '../../shared/volume.ts';

/** Bytes per value and the conversion of aligned little-endian bytes, per number kind. */
export const voxelKinds = {
  int8: { size: 1, view: (bytes: ArrayBuffer) => new Int8Array(bytes) },
  uint8: { size: 1, view: (bytes: ArrayBuffer) => new Uint8Array(bytes) },
  int16: { size: 2, view: (bytes: ArrayBuffer) => new Int16Array(bytes) },
  uint16: { size: 2, view: (bytes: ArrayBuffer) => new Uint16Array(bytes) },
  int32: { size: 4, view: (bytes: ArrayBuffer) => new Int32Array(bytes) },
  uint32: { size: 4, view: (bytes: ArrayBuffer) => Float64Array.from(new Uint32Array(bytes)) },
  int64: { size: 8, view: (bytes: ArrayBuffer) => toFloat64(new BigInt64Array(bytes)) },
  uint64: { size: 8, view: (bytes: ArrayBuffer) => toFloat64(new BigUint64Array(bytes)) },
  float32: { size: 4, view: (bytes: ArrayBuffer) => new Float32Array(bytes) },
  float64: { size: 8, view: (bytes: ArrayBuffer) => new Float64Array(bytes) },
} as const satisfies Record<string, { size: number; view: (bytes: ArrayBuffer) => VoxelArray }>;
export type VoxelKind = keyof typeof voxelKinds;

/** Decodes `bytes` (a whole number of values; a fault of the caller otherwise, RangeError) in the given byte order. */
export function decodeVoxels(bytes: Uint8Array, kind: VoxelKind, littleEndian: boolean): VoxelArray {
  const { size, view } = voxelKinds[kind];
  const copy = new ArrayBuffer(bytes.length);
  const target = new Uint8Array(copy);
  target.set(bytes);
  if (!littleEndian && size > 1) {
    for (let at = 0; at < target.length; at += size) target.subarray(at, at + size).reverse();
  }
  return view(copy);
}

/** The kind whose values a voxel array holds. */
export function voxelKindOf(data: VoxelArray): VoxelKind {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Float64Array) return 'float64';
  if (data instanceof Int32Array) return 'int32';
  if (data instanceof Int16Array) return 'int16';
  if (data instanceof Uint16Array) return 'uint16';
  return data instanceof Int8Array ? 'int8' : 'uint8';
}

function toFloat64(values: BigInt64Array | BigUint64Array): Float64Array {
  const out = new Float64Array(values.length);
  for (let at = 0; at < out.length; at++) out[at] = Number(values[at]);
  return out;
}
