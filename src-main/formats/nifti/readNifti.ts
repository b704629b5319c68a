/**
 * NIfTI-1 and NIfTI-2 single files (.nii, .nii.gz, either byte order) → Volume.
 *
 * Source: nifti1.h / nifti2.h of the NIfTI-1.1 and NIfTI-2 standards. Header fields are taken from nifti-reader-js; geometry:
 * `niftiAffine.ts`. Values are scl_slope · v + scl_inter unless the slope is 0 or no number, or the pair changes nothing. Of a
 * compressed file no more is inflated than its header asks for, and little beyond.
 * Limits: one 3-D volume (further dimensions must be 1); real numbers only; .hdr/.img pairs are not read.
 */
import { readHeader, type NIFTI1, NIFTI2 } from 'nifti-reader-js';
import { AppError } from '../../shared/appError.ts';
import type { Grid, Volume, VoxelArray } from '../../shared/volume.ts';
import { decodeVoxels, type VoxelKind, voxelKinds } from '../voxels/decodeVoxels.ts';
import { gunzip, gunzipBeginning, isGzip } from '../voxels/inflate.ts';
import { niftiAffine, type NiftiForms } from './niftiAffine.ts';
import { niftiDataTypes } from './niftiDataTypes.ts';

type Header = NIFTI1 | NIFTI2;
type Invalid = (reason: string) => AppError;

/** Whether the (inflated) bytes begin with a NIfTI-1 or NIfTI-2 header of a single file or a pair. */
export function isNifti(bytes: Uint8Array): boolean {
  return niftiVersion(bytes) !== undefined;
}

/** What a header says of the voxels behind it. */
export interface NiftiHeader {
  readonly grid: Grid;
  readonly forms: NiftiForms;
  readonly kind: VoxelKind;
  readonly littleEndian: boolean;
  /** Where the voxels begin and how many bytes they take. */
  readonly voxelOffset: number;
  readonly voxelBytes: number;
  /** Whether `slope · v + intercept` changes the stored values. */
  readonly isScaled: boolean;
  readonly slope: number;
  readonly intercept: number;
}

/** No header is longer than this; it is enough of a file for `readNiftiHeader`. */
export const niftiHeaderBytes = 544;
/** What may follow the voxels of a compressed file. */
const mostTrailingBytes = 2 ** 20;

/**
 * Reads the header at the beginning of `bytes` (compressed or not), which need not reach into the voxels; `name` is used in messages.
 * Throws NIFTI_INVALID, VOLUME_NOT_3D and VOLUME_EMPTY.
 */
export function readNiftiHeader(bytes: Uint8Array, name: string): NiftiHeader {
  const invalid: Invalid = (reason) => new AppError('NIFTI_INVALID', { path: name, reason });
  const head = isGzip(bytes) ? gunzipBeginning(bytes) : bytes;
  const header = parseHeader(head, invalid);
  const size = volumeSize(header.dims, name, invalid);
  const { indexToLps, forms } = niftiAffine(header, head, size, invalid);
  const kind = niftiDataTypes[header.datatypeCode];
  if (kind === undefined) throw invalid(`its data type ${header.datatypeCode} is not supported`);
  const voxelOffset = header.vox_offset;
  const smallest = header instanceof NIFTI2 ? 544 : 352;
  if (!Number.isInteger(voxelOffset) || voxelOffset < smallest)
    throw invalid(`its voxels cannot begin at byte ${voxelOffset}`);
  const [slope, intercept] = [header.scl_slope, header.scl_inter];
  const applies = Number.isFinite(slope) && slope !== 0;
  if (applies && !Number.isFinite(intercept)) throw invalid(`its intercept is ${intercept}`);
  return {
    grid: { size, indexToLps },
    forms,
    kind,
    littleEndian: header.littleEndian,
    voxelOffset,
    voxelBytes: size[0] * size[1] * size[2] * voxelKinds[kind].size,
    isScaled: applies && (slope !== 1 || intercept !== 0),
    slope,
    intercept,
  };
}

/**
 * Reads one volume; `name` is used in messages. Throws NIFTI_INVALID, VOLUME_NOT_3D and VOLUME_EMPTY. Values that are not finite
 * are kept: whoever takes the volume in checks them.
 */
export function readNifti(bytes: Uint8Array, name: string): Volume {
  const invalid: Invalid = (reason) => new AppError('NIFTI_INVALID', { path: name, reason });
  const header = readNiftiHeader(bytes, name);
  const end = header.voxelOffset + header.voxelBytes;
  const file = gunzipped(bytes, end + mostTrailingBytes, invalid);
  if (end > file.length) throw invalid(`it ends too early: ${file.length} bytes where ${end} are needed`);
  return { grid: header.grid, data: decodeNiftiVoxels(file.subarray(header.voxelOffset, end), header) };
}

/** The values of stored voxels (a whole number of them): decoded and scaled as the header says. */
export function decodeNiftiVoxels(bytes: Uint8Array, header: NiftiHeader): VoxelArray {
  const stored = decodeVoxels(bytes, header.kind, header.littleEndian);
  return header.isScaled ? scaled(stored, header.slope, header.intercept) : stored;
}

function gunzipped(bytes: Uint8Array, most: number, invalid: Invalid): Uint8Array {
  if (!isGzip(bytes)) return bytes;
  const inflated = gunzip(bytes, most);
  if ('problem' in inflated) throw invalid(`its compressed data are damaged (${inflated.problem})`);
  return inflated.bytes;
}

/** Magic "n+1" / "ni1" at byte 344 (NIfTI-1) or "n+2" / "ni2" at byte 4 (NIfTI-2). */
function niftiVersion(bytes: Uint8Array): { version: 1 | 2; pair: boolean } | undefined {
  for (const [version, at] of [
    [1, 344],
    [2, 4],
  ] as const) {
    const magic = String.fromCharCode(...bytes.subarray(at, at + 3));
    if (magic === `n+${version}` || magic === `ni${version}`) return { version, pair: magic[1] === 'i' };
  }
  return undefined;
}

function parseHeader(file: Uint8Array, invalid: Invalid): Header {
  const found = niftiVersion(file);
  if (found === undefined) throw invalid('it has no NIfTI header');
  if (found.pair) throw invalid('its voxels are in a separate .img file; convert it to a single .nii file');
  const length = found.version === 1 ? 352 : 544;
  if (file.length < length) throw invalid('it ends within its header');
  // A copy of its own (a Buffer's slice is a view) without the extender: the library would look for extensions behind it.
  const head = new Uint8Array(length);
  head.set(file.subarray(0, length - 4));
  try {
    return readHeader(head.buffer);
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error));
  }
}

function volumeSize(dims: readonly number[], name: string, invalid: Invalid): [number, number, number] {
  const [count = 0, nx = 0, ny = 0, nz = 0, ...further] = dims;
  if (!Number.isInteger(count) || count < 1 || count > 7) throw invalid(`it states ${count} dimensions`);
  if (count < 3) throw new AppError('VOLUME_NOT_3D', { path: name, reason: `it has ${count} dimensions` });
  const used = [nx, ny, nz, ...further.slice(0, count - 3)];
  if (used.some((n) => !Number.isSafeInteger(n) || n < 0))
    throw invalid(`its dimensions are ${used.join('×')}`);
  if (used.includes(0)) throw new AppError('VOLUME_EMPTY', { path: name });
  const volumes = used.slice(3).reduce((total, n) => total * n, 1);
  if (volumes > 1) throw new AppError('VOLUME_NOT_3D', { path: name, reason: `it holds ${volumes} volumes` });
  return [nx, ny, nz];
}

function scaled(stored: VoxelArray, slope: number, intercept: number): VoxelArray {
  const wide = stored instanceof Float64Array || stored instanceof Int32Array;
  const out = wide ? new Float64Array(stored.length) : new Float32Array(stored.length);
  for (let at = 0; at < out.length; at++) out[at] = (stored[at] ?? NaN) * slope + intercept;
  return out;
}
