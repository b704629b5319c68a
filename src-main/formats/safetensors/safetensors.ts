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
import { AppError } from '../../shared/appError.ts';

export type SafetensorsData = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;

export interface SafetensorsTensor {
  readonly shape: readonly number[];
  /** As many values as the product of `shape`, last axis fastest. */
  readonly data: SafetensorsData;
}

export interface SafetensorsFile {
  readonly tensors: Map<string, SafetensorsTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

interface Entry {
  readonly name: string;
  readonly dtype: DataType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

const maximumHeaderBytes = 100_000_000;

/** Bytes per value and the copy of `bytes` (offset 0, exactly the tensor's) as values. */
const dataTypes = {
  F64: { size: 8, decode: (bytes: Uint8Array) => new Float64Array(bytes.buffer) },
  I64: { size: 8, decode: (bytes: Uint8Array) => new BigInt64Array(bytes.buffer) },
  F32: { size: 4, decode: (bytes: Uint8Array) => new Float32Array(bytes.buffer) },
  I32: { size: 4, decode: (bytes: Uint8Array) => new Int32Array(bytes.buffer) },
  F16: {
    size: 2,
    decode: (bytes: Uint8Array) => Float32Array.from(new Uint16Array(bytes.buffer), halfToNumber),
  },
  BF16: { size: 2, decode: widenBfloat16 },
  U8: { size: 1, decode: (bytes: Uint8Array) => bytes },
} as const satisfies Record<string, { size: number; decode: (bytes: Uint8Array) => SafetensorsData }>;
type DataType = keyof typeof dataTypes;

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
    if (!shape.every(isCount) || product(shape) !== data.length) {
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
  const invalid = (reason: string): AppError => new AppError('SAFETENSORS_INVALID', { path: name, reason });
  if (bytes.length < 8) throw invalid('it is shorter than the 8 bytes of the header length');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = Number(view.getBigUint64(0, true));
  if (headerLength > maximumHeaderBytes || headerLength > bytes.length - 8) {
    throw invalid(`a header of ${headerLength} bytes does not fit the file of ${bytes.length} bytes`);
  }
  const header = parseHeader(bytes.subarray(8, 8 + headerLength), invalid);
  const { __metadata__: metadata, ...rest } = header;
  const entries = Object.entries(rest).map(([key, value]) => parseEntry(key, value, invalid));
  const buffer = bytes.subarray(8 + headerLength);
  checkCoverage(entries, buffer.length, invalid);
  const tensors = new Map<string, SafetensorsTensor>();
  for (const { name: key, dtype, shape, begin, end } of entries) {
    const copy = new Uint8Array(end - begin);
    copy.set(buffer.subarray(begin, end));
    tensors.set(key, { shape, data: dataTypes[dtype].decode(copy) });
  }
  return { tensors, metadata: parseMetadata(metadata, invalid) };
}

type Invalid = (reason: string) => AppError;

function parseHeader(bytes: Uint8Array, invalid: Invalid): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw invalid(`its header is not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
  if (!isRecord(header)) throw invalid('its header is not an object');
  return header;
}

function parseMetadata(value: unknown, invalid: Invalid): Record<string, string> {
  if (value === undefined) return {};
  if (!isRecord(value)) throw invalid('its metadata is not an object');
  const entries = Object.entries(value).map(([key, text]): [string, string] => {
    if (typeof text !== 'string') throw invalid(`its metadata "${key}" is not a string`);
    return [key, text];
  });
  return Object.fromEntries(entries);
}

function parseEntry(name: string, value: unknown, invalid: Invalid): Entry {
  if (!isRecord(value)) throw invalid(`tensor ${name} has no description`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== 'string') throw invalid(`tensor ${name} has no data type`);
  if (!isDataType(dtype)) throw invalid(`tensor ${name} has the data type ${dtype}, which is not supported`);
  if (!isCounts(shape)) throw invalid(`tensor ${name} has no valid shape`);
  if (!isCounts(offsets)) throw invalid(`tensor ${name} has no valid data offsets`);
  const [begin, end] = offsets;
  if (begin === undefined || end === undefined || offsets.length !== 2 || begin > end) {
    throw invalid(`tensor ${name} has no valid data offsets`);
  }
  const expected = product(shape) * dataTypes[dtype].size;
  if (end - begin !== expected) {
    throw invalid(
      `tensor ${name} has ${end - begin} bytes where ${dtype} [${shape.join(', ')}] needs ${expected}`,
    );
  }
  return { name, dtype, shape, begin, end };
}

/** The tensors, in the order of their offsets, must cover the buffer without gap or overlap. */
function checkCoverage(entries: readonly Entry[], length: number, invalid: Invalid): void {
  let at = 0;
  for (const { name, begin, end } of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== at) {
      throw invalid(
        `tensor ${name} begins at byte ${begin} where ${at} is next: ${begin < at ? 'an overlap' : 'a gap'}`,
      );
    }
    at = end;
  }
  if (at !== length) throw invalid(`its tensors take ${at} bytes and the buffer has ${length}`);
}

function dataTypeOf(data: SafetensorsData): DataType {
  if (data instanceof Float32Array) return 'F32';
  if (data instanceof Float64Array) return 'F64';
  if (data instanceof Int32Array) return 'I32';
  return data instanceof BigInt64Array ? 'I64' : 'U8';
}

/** IEEE 754 binary16 → number. */
function halfToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** bfloat16 is the upper half of a binary32. */
function widenBfloat16(bytes: Uint8Array): Float32Array {
  return new Float32Array(Uint32Array.from(new Uint16Array(bytes.buffer), (bits) => bits << 16).buffer);
}

function product(shape: readonly number[]): number {
  return shape.reduce((total, n) => total * n, 1);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(isCount);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isDataType(value: string): value is DataType {
  return Object.hasOwn(dataTypes, value);
}
