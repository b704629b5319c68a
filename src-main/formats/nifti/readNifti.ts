/**
 * NIfTI-1 and NIfTI-2 single files (.nii, .nii.gz, either byte order) → Volume.
 *
 * Source: nifti1.h / nifti2.h of the NIfTI-1.1 and NIfTI-2 standards. Header fields are taken from nifti-reader-js; the choice of
 * the affine is ours: sform when sform_code > 0 (method 3), else qform when qform_code > 0 (method 2), else pixdim (method 1);
 * the library prefers the larger code. NIfTI's space is RAS+, ours LPS+: rows x and y change sign. Lengths are scaled to mm by
 * xyzt_units. Values are scl_slope · v + scl_inter unless the slope is 0 or the pair changes nothing.
 * Limits: one 3-D volume (further dimensions must be 1); real numbers only; .hdr/.img pairs are not read.
 */
import { readHeader, type NIFTI1, NIFTI2 } from 'nifti-reader-js';
import { type Affine, affineDeterminant } from '../../shared/affine.ts';
import { AppError } from '../../shared/appError.ts';
import type { Grid, Volume, VoxelArray } from '../../shared/volume.ts';
import { decodeVoxels, type VoxelKind, voxelKinds } from '../voxels/decodeVoxels.ts';
import { gunzip, isGzip } from '../voxels/inflate.ts';
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

/**
 * Reads the header at the beginning of uncompressed `bytes`, which need not reach into the voxels; `name` is used in messages. Throws
 * NIFTI_INVALID, VOLUME_NOT_3D and VOLUME_EMPTY.
 */
export function readNiftiHeader(bytes: Uint8Array, name: string): NiftiHeader {
  const invalid: Invalid = (reason) => new AppError('NIFTI_INVALID', { path: name, reason });
  const header = parseHeader(bytes, invalid);
  const size = volumeSize(header.dims, name, invalid);
  const indexToLps = niftiAffine(header, bytes, invalid);
  const kind = niftiDataTypes[header.datatypeCode];
  if (kind === undefined) throw invalid(`its data type ${header.datatypeCode} is not supported`);
  const voxelOffset = header.vox_offset;
  const smallest = header instanceof NIFTI2 ? 544 : 352;
  if (!Number.isInteger(voxelOffset) || voxelOffset < smallest)
    throw invalid(`its voxels cannot begin at byte ${voxelOffset}`);
  const [slope, intercept] = [header.scl_slope, header.scl_inter];
  const applies = Number.isFinite(slope) && Number.isFinite(intercept) && slope !== 0;
  return {
    grid: { size, indexToLps },
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
  const file = gunzipped(bytes, invalid);
  const header = readNiftiHeader(file, name);
  const end = header.voxelOffset + header.voxelBytes;
  if (end > file.length) throw invalid(`it ends too early: ${file.length} bytes where ${end} are needed`);
  return { grid: header.grid, data: decodeNiftiVoxels(file.subarray(header.voxelOffset, end), header) };
}

/** The values of stored voxels (a whole number of them): decoded and scaled as the header says. */
export function decodeNiftiVoxels(bytes: Uint8Array, header: NiftiHeader): VoxelArray {
  const stored = decodeVoxels(bytes, header.kind, header.littleEndian);
  return header.isScaled ? scaled(stored, header.slope, header.intercept) : stored;
}

function gunzipped(bytes: Uint8Array, invalid: Invalid): Uint8Array {
  if (!isGzip(bytes)) return bytes;
  const inflated = gunzip(bytes);
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

/** Index → LPS in mm. */
function niftiAffine(header: Header, file: Uint8Array, invalid: Invalid): Affine {
  const ras = rasAffine(header, file);
  const unit = lengthUnitMm(header.xyzt_units);
  const [a, b, c, tx, d, e, f, ty, g, h, i, tz] = ras.map((value) => value * unit);
  const affine: Affine = [
    flip(a), flip(b), flip(c), flip(tx), flip(d), flip(e), flip(f), flip(ty),
    g ?? NaN, h ?? NaN, i ?? NaN, tz ?? NaN,
  ]; // prettier-ignore
  if (!affine.every(Number.isFinite) || Math.abs(affineDeterminant(affine)) < 1e-9) {
    throw invalid('its affine does not describe a grid');
  }
  return affine;
}

/** Negates without making −0. */
function flip(value = NaN): number {
  return 0 - value;
}

function rasAffine(header: Header, file: Uint8Array): number[] {
  if (header.sform_code > 0) return readSform(header, file);
  if (header.qform_code > 0) {
    const [x = [], y = [], z = []] = header.getQformMat();
    return [...x, ...y, ...z];
  }
  const [, dx = 1, dy = 1, dz = 1] = header.pixDims;
  return [dx, 0, 0, 0, 0, dy, 0, 0, 0, 0, dz, 0];
}

/** srow_x, srow_y, srow_z: float32 at byte 280 (NIfTI-1) or float64 at byte 400 (NIfTI-2). */
function readSform(header: Header, file: Uint8Array): number[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const read =
    header instanceof NIFTI2
      ? (at: number) => view.getFloat64(400 + 8 * at, header.littleEndian)
      : (at: number) => view.getFloat32(280 + 4 * at, header.littleEndian);
  return Array.from({ length: 12 }, (_, at) => read(at));
}

/** NIFTI_UNITS_METER 1, _MM 2, _MICRON 3; 0 (unknown) is taken as mm. */
function lengthUnitMm(xyztUnits: number): number {
  const code = xyztUnits & 7;
  if (code === 1) return 1000;
  return code === 3 ? 1e-3 : 1;
}

function scaled(stored: VoxelArray, slope: number, intercept: number): VoxelArray {
  const wide = stored instanceof Float64Array || stored instanceof Int32Array;
  const out = wide ? new Float64Array(stored.length) : new Float32Array(stored.length);
  for (let at = 0; at < out.length; at++) out[at] = (stored[at] ?? NaN) * slope + intercept;
  return out;
}
