/** Volume → MetaImage single file (.mha), little-endian. Conventions and source: `metaHeader.ts`. */
import { zlibSync } from 'fflate';
import { affineAxes, affineSpacing } from '../../shared/affine.ts';
import type { Volume } from '../../shared/volume.ts';
import { voxelKindOf } from '../voxels/decodeVoxels.ts';
import { elementTypes } from './elementTypes.ts';

export interface WriteMetaImageOptions {
  readonly compressed?: boolean;
}

/** Encodes a volume with its own data type; numbers of the header keep every digit. */
export function writeMetaImage(
  { grid, data }: Volume,
  { compressed = false }: WriteMetaImageOptions = {},
): Uint8Array {
  const { size, indexToLps } = grid;
  if (size[0] * size[1] * size[2] !== data.length)
    throw new RangeError(`${data.length} voxels do not fit ${size.join('×')}.`);
  const kind = voxelKindOf(data);
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const voxels = compressed ? zlibSync(raw) : raw;
  const lines = [
    ['ObjectType', 'Image'],
    ['NDims', '3'],
    ['BinaryData', 'True'],
    ['BinaryDataByteOrderMSB', 'False'],
    ['CompressedData', compressed ? 'True' : 'False'],
    ...(compressed ? [['CompressedDataSize', String(voxels.length)]] : []),
    ['TransformMatrix', affineAxes(indexToLps).flat().join(' ')],
    ['Offset', [indexToLps[3], indexToLps[7], indexToLps[11]].join(' ')],
    ['CenterOfRotation', '0 0 0'],
    ['ElementSpacing', affineSpacing(indexToLps).join(' ')],
    ['DimSize', size.join(' ')],
    ['ElementType', Object.entries(elementTypes).find(([, value]) => value === kind)?.[0]],
    ['ElementDataFile', 'LOCAL'],
  ];
  const header = new TextEncoder().encode(lines.map(([key, value]) => `${key} = ${value}\n`).join(''));
  const bytes = new Uint8Array(header.length + voxels.length);
  bytes.set(header);
  bytes.set(voxels, header.length);
  return bytes;
}
