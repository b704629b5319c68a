/**
 * Volume → NIfTI-1 single file (.nii, or .nii.gz with `gzip`).
 *
 * Source: nifti1.h. Little-endian; voxels begin at byte 352, so an axial slice is a byte range of an uncompressed file. LPS → RAS by
 * negating rows x and y. Both sform (code 1, scanner) and, when the axes are orthonormal, the equal qform (code 1) are set:
 * some readers look at one, some at the other. Units mm, slope 1, intercept 0. The affine is stored in float32.
 */
import { gzipSync } from 'fflate';
import {
  type Affine,
  affineAxes,
  affineDeterminant,
  affineSpacing,
  type Vector3,
} from '../../shared/affine.ts';
import type { Volume } from '../../shared/volume.ts';
import { type VoxelKind, voxelKindOf, voxelKinds } from '../voxels/decodeVoxels.ts';
import { niftiDataTypes } from './niftiDataTypes.ts';

const headerLength = 352;

export interface WriteNiftiOptions {
  readonly gzip?: boolean;
  /** `descrip`: ASCII, at most 79 characters are kept. Never put a patient's name here. */
  readonly description?: string;
}

/** Encodes a volume with its own data type. Throws a RangeError for sizes above 32767 (NIfTI-1's limit) or data that do not fit. */
export function writeNifti(
  volume: Volume,
  { gzip = false, description = '' }: WriteNiftiOptions = {},
): Uint8Array {
  const { grid, data } = volume;
  const { size, indexToLps } = grid;
  if (size.some((n) => !Number.isInteger(n) || n < 1 || n > 32767))
    throw new RangeError(`NIfTI-1 cannot hold ${size.join('×')}.`);
  if (size[0] * size[1] * size[2] !== data.length)
    throw new RangeError(`${data.length} voxels do not fit ${size.join('×')}.`);
  const kind = voxelKindOf(data);
  const bytes = new Uint8Array(headerLength + data.byteLength);
  writeHeader(new DataView(bytes.buffer), size, kind, toRas(indexToLps));
  writeAscii(bytes.subarray(148, 227), description);
  writeAscii(bytes.subarray(344, 348), 'n+1');
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), headerLength);
  return gzip ? gzipSync(bytes) : bytes;
}

function writeHeader(view: DataView, size: Vector3, kind: VoxelKind, ras: Affine): void {
  const int16 = (at: number, value: number): void => view.setInt16(at, value, true);
  const float32 = (at: number, value: number): void => view.setFloat32(at, value, true);
  view.setInt32(0, 348, true);
  [3, ...size, 1, 1, 1, 1].forEach((n, at) => int16(40 + 2 * at, n));
  int16(70, datatypeCode(kind));
  int16(72, voxelKinds[kind].size * 8);
  const rotation = quaternion(ras);
  [rotation?.qfac ?? 1, ...affineSpacing(ras), 0, 0, 0, 0].forEach((length, at) =>
    float32(76 + 4 * at, length),
  );
  float32(108, headerLength);
  float32(112, 1); // scl_slope
  view.setUint8(123, 2); // xyzt_units: mm
  int16(252, rotation === undefined ? 0 : 1); // qform_code
  int16(254, 1); // sform_code
  if (rotation !== undefined) {
    rotation.bcd.forEach((value, at) => float32(256 + 4 * at, value));
    [ras[3], ras[7], ras[11]].forEach((offset, at) => float32(268 + 4 * at, offset));
  }
  ras.forEach((value, at) => float32(280 + 4 * at, value));
}

function datatypeCode(kind: VoxelKind): number {
  return Number(Object.entries(niftiDataTypes).find(([, value]) => value === kind)?.[0]);
}

function toRas(lps: Affine): Affine {
  const [a, b, c, tx, d, e, f, ty, ...z] = lps;
  return [0 - a, 0 - b, 0 - c, 0 - tx, 0 - d, 0 - e, 0 - f, 0 - ty, ...z];
}

/**
 * The unit quaternion (a ≥ 0 left out, as NIfTI stores it) of the rotation with axes `ras`; `qfac` −1 mirrors the third axis.
 * Undefined when the axes are not orthogonal within 1e-4: a qform cannot express shear.
 */
function quaternion(ras: Affine): { readonly bcd: Vector3; readonly qfac: 1 | -1 } | undefined {
  const [i, j, k] = affineAxes(ras);
  if ([dot(i, j), dot(j, k), dot(k, i)].some((cosine) => Math.abs(cosine) > 1e-4)) return undefined;
  const qfac = affineDeterminant(ras) < 0 ? -1 : 1;
  const [xx, yx, zx] = i;
  const [xy, yy, zy] = j;
  const [xz, yz, zz] = [k[0] * qfac, k[1] * qfac, k[2] * qfac];
  // Four times the squares of a, b, c, d; dividing by the largest component is stable (Shepperd 1978).
  const squares = [1 + xx + yy + zz, 1 + xx - yy - zz, 1 - xx + yy - zz, 1 - xx - yy + zz] as const;
  const largest = squares.indexOf(Math.max(...squares));
  const twice = Math.sqrt(squares[largest] ?? 0) * 2;
  const products = [
    [twice / 4, (zy - yz) / twice, (xz - zx) / twice, (yx - xy) / twice],
    [(zy - yz) / twice, twice / 4, (xy + yx) / twice, (xz + zx) / twice],
    [(xz - zx) / twice, (xy + yx) / twice, twice / 4, (yz + zy) / twice],
    [(yx - xy) / twice, (xz + zx) / twice, (yz + zy) / twice, twice / 4],
  ];
  const [a = 1, b = 0, c = 0, d = 0] = products[largest] ?? [];
  const sign = a < 0 ? -1 : 1;
  return { bcd: [b * sign, c * sign, d * sign], qfac };
}

function dot(a: Vector3, b: Vector3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function writeAscii(target: Uint8Array, text: string): void {
  const printable = text.replace(/[^\x20-\x7e]/g, '?').slice(0, target.length);
  for (let at = 0; at < printable.length; at++) target[at] = printable.charCodeAt(at);
}
