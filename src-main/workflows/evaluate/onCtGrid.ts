/**
 * Brings a synthetic CT and a mask onto the CT's own grid, where they are compared. What is resampled (linear, nearest) is said by a finding,
 * because it changes the figures; voxels of the CT that the sCT does not reach count as −1024 HU. Without a mask every voxel counts.
 *
 * A CT whose slices are stacked askew (gantry tilt) is resampled to upright axial slices first: the metrics' windows and distances hold for
 * grids whose axes are at right angles.
 */
import { axialGridAbout } from '../../imaging/resample/axialGrid.ts';
import { resampleVolume } from '../../imaging/resample/resampleVolume.ts';
import { AppError } from '../../shared/appError.ts';
import { affineSpacing, affineSteps } from '../../shared/affine.ts';
import type { Finding } from '../../shared/finding.ts';
import { planeStack } from '../../shared/planeStack.ts';
import { sameGrid, voxelCount, type Grid, type Volume, type VoxelArray } from '../../shared/volume.ts';

export interface NamedVolume {
  /** For the report and for errors: a path or a case id. */
  readonly name: string;
  readonly volume: Volume;
}

export interface ComparedImages {
  readonly ct: NamedVolume;
  readonly sct: NamedVolume;
  /** Voxels above zero count. */
  readonly mask?: NamedVolume;
}

/** Values on one grid, HU. */
export interface ComparedValues {
  readonly grid: Grid;
  readonly reference: VoxelArray;
  readonly synthetic: VoxelArray;
  /** Above zero where a voxel counts. */
  readonly counting: VoxelArray;
  readonly findings: readonly Finding[];
}

const outsideHu = -1024;
/** Over 100 slices of 3 mm, half a degree shifts the last by 2.6 mm. */
const uprightDegrees = 0.5;

/** Throws VOLUME_NOT_FINITE. */
export function onCtGrid({ ct, sct, mask }: ComparedImages): ComparedValues {
  for (const { name, volume } of [ct, sct]) requireFinite(name, volume.data);
  const findings: Finding[] = [];
  const { volume, reached } = upright(ct, findings);
  const { grid } = volume;
  const masked = maskOnGrid(mask, grid, findings);
  const counting = reached
    ? Uint8Array.from(reached, (is, at) => (is && (masked[at] as number) > 0 ? 1 : 0))
    : masked;
  const synthetic = sctOnGrid(sct, grid, counting, findings);
  return { grid, reference: volume.data, synthetic, counting, findings };
}

/** The CT on a grid at right angles, and where it reaches on that (absent: everywhere). */
function upright(
  { name, volume }: NamedVolume,
  findings: Finding[],
): { readonly volume: Volume; readonly reached?: Uint8Array } {
  const { indexToLps } = volume.grid;
  const [row, column, step] = affineSteps(indexToLps);
  const { distanceMm, tiltDegrees } = planeStack(row, column, step);
  if (tiltDegrees <= uprightDegrees) return { volume };
  const details = { degrees: tiltDegrees.toFixed(1) };
  findings.push({ code: 'ct-set-upright', severity: 'warning', subject: name, details });
  const [sx, sy] = affineSpacing(indexToLps);
  const grid = axialGridAbout(volume.grid, [sx, sy, distanceMm]);
  const { data } = resampleVolume(volume, grid, { interpolation: 'linear', outside: NaN });
  const reached = Uint8Array.from(data, (value) => (Number.isNaN(value) ? 0 : 1));
  for (let at = 0; at < data.length; at++) if (!reached[at]) data[at] = outsideHu;
  return { volume: { grid, data }, reached };
}

function maskOnGrid(mask: NamedVolume | undefined, grid: Grid, findings: Finding[]): VoxelArray {
  if (!mask) return new Uint8Array(voxelCount(grid)).fill(1);
  if (sameGrid(mask.volume.grid, grid)) return mask.volume.data;
  findings.push({ code: 'mask-resampled', severity: 'info', subject: mask.name, details: {} });
  return resampleVolume(mask.volume, grid, { interpolation: 'nearest', outside: 0 }).data;
}

function sctOnGrid(
  { name, volume }: NamedVolume,
  grid: Grid,
  counting: ArrayLike<number>,
  findings: Finding[],
): VoxelArray {
  if (sameGrid(volume.grid, grid)) return volume.data;
  findings.push({ code: 'sct-resampled', severity: 'warning', subject: name, details: {} });
  const { data } = resampleVolume(volume, grid, { interpolation: 'linear', outside: NaN });
  let counted = 0;
  let missed = 0;
  for (let at = 0; at < data.length; at++) {
    const counts = (counting[at] as number) > 0;
    if (counts) counted++;
    if (!Number.isNaN(data[at])) continue;
    data[at] = outsideHu;
    if (counts) missed++;
  }
  if (missed > 0) {
    const share = ((100 * missed) / counted).toFixed(1);
    findings.push({ code: 'sct-does-not-cover', severity: 'warning', subject: name, details: { share } });
  }
  return data;
}

function requireFinite(path: string, values: ArrayLike<number>): void {
  let count = 0;
  for (let at = 0; at < values.length; at++) if (!Number.isFinite(values[at])) count++;
  if (count > 0) throw new AppError('VOLUME_NOT_FINITE', { path, count });
}
