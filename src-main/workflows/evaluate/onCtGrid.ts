/**
 * Brings a synthetic CT and a mask onto the CT's own grid, where they are compared. What is resampled (linear, nearest) is said by a finding,
 * because it changes the figures; voxels of the CT that the sCT does not reach count as −1024 HU. Without a mask every voxel counts.
 */
import { resampleVolume } from '../../imaging/resample/resampleVolume.ts';
import { AppError } from '../../shared/appError.ts';
import type { Finding } from '../../shared/finding.ts';
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

/** Throws VOLUME_NOT_FINITE. */
export function onCtGrid({ ct, sct, mask }: ComparedImages): ComparedValues {
  const { grid } = ct.volume;
  const findings: Finding[] = [];
  const counting = maskOnGrid(mask, grid, findings);
  for (const { name, volume } of [ct, sct]) requireFinite(name, volume.data);
  const synthetic = sctOnGrid(sct, grid, counting, findings);
  return { grid, reference: ct.volume.data, synthetic, counting, findings };
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
