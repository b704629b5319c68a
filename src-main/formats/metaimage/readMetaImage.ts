/**
 * MetaImage (.mha; .mhd beside .raw or .zraw; zlib-compressed or not, either byte order) → Volume.
 *
 * Conventions and source: `metaHeader.ts`. Formats have no file system: of an .mhd the caller reads the file that
 * `metaImageDataFile` names and passes its bytes. Limits: one 3-D volume of one channel, binary voxels in one file.
 */
import { AppError } from '../../shared/appError.ts';
import { voxelCount, type Volume } from '../../shared/volume.ts';
import { decodeVoxels, voxelKinds } from '../voxels/decodeVoxels.ts';
import { inflateTo } from '../voxels/inflate.ts';
import { parseMetaHeader } from './metaHeader.ts';

/** The name of the file that holds the voxels, in the header's folder; undefined when they are in the file itself. */
export function metaImageDataFile(bytes: Uint8Array, name: string): string | undefined {
  return parseMetaHeader(bytes, name).dataFile;
}

/**
 * Reads one volume from a whole file, and `detached` (the data file's bytes) where the header names one. Throws
 * METAIMAGE_INVALID, VOLUME_NOT_3D and VOLUME_EMPTY. Values that are not finite are kept.
 */
export function readMetaImage(bytes: Uint8Array, name: string, detached?: Uint8Array): Volume {
  const invalid = (reason: string): AppError => new AppError('METAIMAGE_INVALID', { path: name, reason });
  const header = parseMetaHeader(bytes, name);
  const { grid, kind, dataFile, headerSize } = header;
  const needed = voxelCount(grid) * voxelKinds[kind].size;
  let source = bytes.subarray(header.length);
  if (dataFile !== undefined) {
    if (detached === undefined) throw invalid(`its voxels in ${dataFile} were not given`);
    source = detached.subarray(headerSize === -1 ? Math.max(0, detached.length - needed) : headerSize);
  }
  if (header.compressed) {
    const { compressedSize = source.length } = header;
    const inflated = inflateTo(source.subarray(0, compressedSize), needed);
    if ('problem' in inflated) throw invalid(`its compressed data are damaged (${inflated.problem})`);
    source = inflated.bytes;
  }
  if (source.length < needed)
    throw invalid(`it ends too early: ${source.length} bytes of voxels where ${needed} are needed`);
  return { grid, data: decodeVoxels(source.subarray(0, needed), kind, header.littleEndian) };
}
