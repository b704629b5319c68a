/** One case on one grid, for pictures: the CT's, turned to axial order. */
import { toAxialLps } from '../../../imaging/orient/toAxialLps.ts';
import { resampleVolume } from '../../../imaging/resample/resampleVolume.ts';
import { affineSpacing, type Vector3 } from '../../../shared/affine.ts';
import { sameGrid, type Volume, type VoxelArray } from '../../../shared/volume.ts';

export interface CaseVolumes {
  readonly caseId: string;
  readonly mr: Volume;
  readonly ct: Volume;
  /** Where figures count: not 0. */
  readonly mask: Volume;
  /** In the order of the comparison's columns. */
  readonly methods: readonly { readonly label: string; readonly sct: Volume }[];
}

export interface CaseImages {
  readonly caseId: string;
  readonly size: Vector3;
  readonly spacingMm: Vector3;
  /** Axial slice → millimetres towards the head. */
  readonly heightMm: (slice: number) => number;
  readonly mr: VoxelArray;
  readonly ct: VoxelArray;
  readonly mask: VoxelArray;
  readonly methods: readonly { readonly label: string; readonly sct: VoxelArray }[];
}

const airHu = -1024;

/** Brings everything onto the CT's grid: linear for images, nearest for the mask. */
export function caseImages({ caseId, mr, ct, mask, methods }: CaseVolumes): CaseImages {
  const { volume: axial } = toAxialLps(ct);
  const { grid } = axial;
  const onGrid = (volume: Volume, outside: number, interpolation: 'linear' | 'nearest'): VoxelArray =>
    sameGrid(volume.grid, grid) ? volume.data : resampleVolume(volume, grid, { interpolation, outside }).data;
  const rise = grid.indexToLps;
  return {
    caseId,
    size: grid.size,
    spacingMm: affineSpacing(grid.indexToLps),
    heightMm: (slice) => rise[10] * slice + rise[11],
    mr: onGrid(mr, 0, 'linear'),
    ct: axial.data,
    mask: onGrid(mask, 0, 'nearest'),
    methods: methods.map(({ label, sct }) => ({ label, sct: onGrid(sct, airHu, 'linear') })),
  };
}
