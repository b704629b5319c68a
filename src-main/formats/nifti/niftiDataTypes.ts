/** NIfTI datatype codes (nifti1.h, NIFTI_TYPE_*) of the real number kinds; complex and colour types are not images of a patient. */
import type { VoxelKind } from '../voxels/decodeVoxels.ts';

export const niftiDataTypes: Readonly<Record<number, VoxelKind>> = {
  2: 'uint8',
  4: 'int16',
  8: 'int32',
  16: 'float32',
  64: 'float64',
  256: 'int8',
  512: 'uint16',
  768: 'uint32',
  1024: 'int64',
  1280: 'uint64',
};
