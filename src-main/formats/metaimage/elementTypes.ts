/** MetaIO's ElementType names of the real number kinds. MET_LONG and MET_ULONG are left out: their width is the writer's. */
import type { VoxelKind } from '../voxels/decodeVoxels.ts';

export const elementTypes: Readonly<Record<string, VoxelKind>> = {
  MET_CHAR: 'int8',
  MET_UCHAR: 'uint8',
  MET_SHORT: 'int16',
  MET_USHORT: 'uint16',
  MET_INT: 'int32',
  MET_UINT: 'uint32',
  MET_LONG_LONG: 'int64',
  MET_ULONG_LONG: 'uint64',
  MET_FLOAT: 'float32',
  MET_DOUBLE: 'float64',
};
