/**
 * Where a NIfTI volume lies: index → LPS in mm.
 *
 * Source: nifti1.h ("3D image orientation and location in space"). The choice is ours: sform when sform_code > 0 (method 3), else qform
 * when qform_code > 0 (method 2), else pixdim alone (method 1); nifti-reader-js prefers the larger code. NIfTI's space is RAS+, ours
 * LPS+: rows x and y change sign. Lengths are scaled to mm by xyzt_units.
 */
import { type NIFTI1, NIFTI2 } from 'nifti-reader-js';
import { type Affine, affineDeterminant, applyAffine, type Vector3 } from '../../shared/affine.ts';
import type { AppError } from '../../shared/appError.ts';

type Header = NIFTI1 | NIFTI2;

/** Which of the header's descriptions of space is used. */
export interface NiftiForms {
  readonly used: 'sform' | 'qform' | 'pixdim';
  /** How far a corner of the volume is elsewhere by the qform, mm; 0 unless both forms are set and valid. */
  readonly apartMm: number;
}

/** The affine of a volume of `size` voxels; `head` holds the header's bytes. Throws `invalid` for what describes no grid. */
export function niftiAffine(
  header: Header,
  head: Uint8Array,
  size: Vector3,
  invalid: (reason: string) => AppError,
): { readonly indexToLps: Affine; readonly forms: NiftiForms } {
  const unit = lengthUnitMm(header.xyzt_units);
  const sform = header.sform_code > 0 ? toLps(readSform(header, head), unit) : undefined;
  const qform = header.qform_code > 0 ? toLps(header.getQformMat().flat(), unit) : undefined;
  const indexToLps = sform ?? qform ?? toLps(spacingOnly(header), unit);
  if (!isGrid(indexToLps)) throw invalid('its affine does not describe a grid');
  const apartMm = sform && qform && isGrid(qform) ? largestDistance(sform, qform, size) : 0;
  const used = sform ? 'sform' : qform ? 'qform' : 'pixdim';
  return { indexToLps, forms: { used, apartMm } };
}

function isGrid(affine: Affine): boolean {
  const determinant = Math.abs(affineDeterminant(affine));
  return affine.every(Number.isFinite) && determinant >= 1e-9 && determinant < Infinity;
}

/** Largest distance of a corner voxel's places by two affines. */
function largestDistance(first: Affine, second: Affine, size: Vector3): number {
  const [nx, ny, nz] = size.map((n) => [0, n - 1]) as [number[], number[], number[]];
  const corners = nx.flatMap((i) => ny.flatMap((j) => nz.map((k): Vector3 => [i, j, k])));
  return Math.max(
    ...corners.map((corner) => {
      const [a, b] = [applyAffine(first, corner), applyAffine(second, corner)];
      return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
    }),
  );
}

/** Rows x, y, z in RAS and the file's unit → LPS in mm. */
function toLps(ras: readonly number[], unit: number): Affine {
  const [a, b, c, tx, d, e, f, ty, g, h, i, tz] = ras.map((value) => value * unit);
  return [
    flip(a), flip(b), flip(c), flip(tx), flip(d), flip(e), flip(f), flip(ty),
    g ?? NaN, h ?? NaN, i ?? NaN, tz ?? NaN,
  ]; // prettier-ignore
}

/** Negates without making −0. */
function flip(value = NaN): number {
  return 0 - value;
}

function spacingOnly({ pixDims: [, dx = 1, dy = 1, dz = 1] }: Header): number[] {
  return [dx, 0, 0, 0, 0, dy, 0, 0, 0, 0, dz, 0];
}

/** srow_x, srow_y, srow_z: float32 at byte 280 (NIfTI-1) or float64 at byte 400 (NIfTI-2). */
function readSform(header: Header, head: Uint8Array): number[] {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
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
