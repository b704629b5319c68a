/**
 * The header of a safetensors file: its length, the tensors' types, shapes and places, and string metadata. Everything is checked before a
 * value is read: types that are known, sizes that fit the shapes, tensors that cover the buffer without gap or overlap.
 */
import { AppError } from '../../shared/appError.ts';

export type SafetensorsData = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;

export interface SafetensorsEntry {
  readonly name: string;
  readonly dtype: DataType;
  readonly shape: readonly number[];
  /** Bytes from the buffer's start. */
  readonly begin: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  readonly entries: readonly SafetensorsEntry[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Where the buffer begins in the file. */
  readonly bufferAt: number;
}

const maximumHeaderBytes = 100_000_000;

/** Bytes per value and the copy of `bytes` (offset 0, exactly the tensor's) as values. */
export const safetensorsTypes = {
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
export type DataType = keyof typeof safetensorsTypes;

/** The header's length in bytes, from the first 8 bytes of a file of `size` bytes. Throws SAFETENSORS_INVALID. */
export function safetensorsHeaderLength(first: Uint8Array, size: number, name: string): number {
  const invalid = invalidIn(name);
  if (first.length < 8) throw invalid('it is shorter than the 8 bytes of the header length');
  const view = new DataView(first.buffer, first.byteOffset, first.byteLength);
  const length = Number(view.getBigUint64(0, true));
  if (length > maximumHeaderBytes || length > size - 8)
    throw invalid(`a header of ${length} bytes does not fit the file of ${size} bytes`);
  return length;
}

/** Decodes and checks the header's JSON, given without its length, of a file of `size` bytes. Throws SAFETENSORS_INVALID. */
export function decodeSafetensorsHeader(json: Uint8Array, size: number, name: string): SafetensorsHeader {
  const invalid = invalidIn(name);
  const { __metadata__: metadata, ...rest } = parseHeader(json, invalid);
  const entries = Object.entries(rest).map(([key, value]) => parseEntry(key, value, invalid));
  const bufferAt = 8 + json.length;
  checkCoverage(entries, size - bufferAt, invalid);
  return { entries, metadata: parseMetadata(metadata, invalid), bufferAt };
}

type Invalid = (reason: string) => AppError;

function invalidIn(path: string): Invalid {
  return (reason) => new AppError('SAFETENSORS_INVALID', { path, reason });
}

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

function parseEntry(name: string, value: unknown, invalid: Invalid): SafetensorsEntry {
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
  const expected = shapeSize(shape) * safetensorsTypes[dtype].size;
  if (end - begin !== expected) {
    throw invalid(
      `tensor ${name} has ${end - begin} bytes where ${dtype} [${shape.join(', ')}] needs ${expected}`,
    );
  }
  return { name, dtype, shape, begin, end };
}

/** The tensors, in the order of their offsets, must cover the buffer without gap or overlap. */
function checkCoverage(entries: readonly SafetensorsEntry[], length: number, invalid: Invalid): void {
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

export function shapeSize(shape: readonly number[]): number {
  return shape.reduce((total, n) => total * n, 1);
}

export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(isCount);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isDataType(value: string): value is DataType {
  return Object.hasOwn(safetensorsTypes, value);
}
