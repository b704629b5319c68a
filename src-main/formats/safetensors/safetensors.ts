/**
 * Safetensors: named tensors in one file, bytes ↔ typed arrays.
 *
 * Source: the format description of huggingface/safetensors (README "Format"): u64 little-endian header length, JSON header
 * `{name: {dtype, shape, data_offsets: [begin, end]}, "__metadata__": {string: string}}`, then one buffer that the tensors
 * cover without gap or overlap. Tensors are C-ordered (last axis fastest) and little-endian.
 *
 * Written: F32, F64, I32, I64, U8; the wider types first and the header padded to 8 bytes, so that every tensor is aligned.
 * Read: these and F16, BF16 (both widened to Float32). Decoded arrays are copies and never views of the input.
 * Limits: the host must be little-endian (every platform Node and Electron ship for is); header at most 100 MB.
 */
import {
  decodeSafetensorsHeader,
  isCount,
  safetensorsHeaderLength,
  safetensorsTypes,
  shapeSize,
  type DataType,
  type SafetensorsData,
} from './safetensorsHeader.ts';

export interface SafetensorsTensor {
  readonly shape: readonly number[];
  /** As many values as the product of `shape`, last axis fastest. */
  readonly data: SafetensorsData;
}

export interface SafetensorsFile {
  readonly tensors: Map<string, SafetensorsTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Encodes `tensors` (insertion order within one data type) and string metadata.
 * Throws a RangeError when a shape does not fit its data or a name is reserved: that is a fault of the caller.
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, SafetensorsTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const ordered = [...tensors].sort(([, a], [, b]) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT);
  const header: [string, unknown][] = [];
  if (Object.keys(metadata).length > 0) header.push(['__metadata__', metadata]);
  let length = 0;
  for (const [name, { shape, data }] of ordered) {
    if (name === '__metadata__') throw new RangeError('"__metadata__" is not a tensor name.');
    if (!shape.every(isCount) || shapeSize(shape) !== data.length) {
      throw new RangeError(
        `Tensor ${name}: shape [${shape.join(', ')}] does not hold ${data.length} values.`,
      );
    }
    const end = length + data.byteLength;
    header.push([name, { dtype: dataTypeOf(data), shape, data_offsets: [length, end] }]);
    length = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const headerLength = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerLength + length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.fill(0x20, 8, 8 + headerLength);
  bytes.set(json, 8);
  let at = 8 + headerLength;
  for (const [, { data }] of ordered) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/** Decodes and validates a whole file; `name` is used in messages. Throws SAFETENSORS_INVALID. */
export function decodeSafetensors(bytes: Uint8Array, name: string): SafetensorsFile {
  const headerLength = safetensorsHeaderLength(bytes.subarray(0, 8), bytes.length, name);
  const json = bytes.subarray(8, 8 + headerLength);
  const { entries, metadata, bufferAt } = decodeSafetensorsHeader(json, bytes.length, name);
  const buffer = bytes.subarray(bufferAt);
  const tensors = new Map<string, SafetensorsTensor>();
  for (const { name: key, dtype, shape, begin, end } of entries) {
    const copy = new Uint8Array(end - begin);
    copy.set(buffer.subarray(begin, end));
    tensors.set(key, { shape, data: safetensorsTypes[dtype].decode(copy) });
  }
  return { tensors, metadata };
}

function dataTypeOf(data: SafetensorsData): DataType {
  if (data instanceof Float32Array) return 'F32';
  if (data instanceof Float64Array) return 'F64';
  if (data instanceof Int32Array) return 'I32';
  return data instanceof BigInt64Array ? 'I64' : 'U8';
}
