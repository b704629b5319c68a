/** One volume in one file (NIfTI or MetaImage): what the bytes are decides when reading, the name's ending when writing. */
import { dirname, join } from 'node:path';
import { isMetaImage } from '../../formats/metaimage/metaHeader.ts';
import { metaImageDataFile, readMetaImage } from '../../formats/metaimage/readMetaImage.ts';
import { writeMetaImage } from '../../formats/metaimage/writeMetaImage.ts';
import { isNifti, readNifti } from '../../formats/nifti/readNifti.ts';
import { writeNifti } from '../../formats/nifti/writeNifti.ts';
import { isGzip } from '../../formats/voxels/inflate.ts';
import { AppError } from '../../shared/appError.ts';
import type { Volume } from '../../shared/volume.ts';
import { readBytes } from './readBytes.ts';
import { writeAtomically } from './writeAtomically.ts';

/**
 * Reads a .nii, .nii.gz, .mha or .mhd file. Throws FILE_NOT_FOUND, FILE_UNREADABLE, UNKNOWN_FORMAT and what `readNifti` and
 * `readMetaImage` throw. Values that are not finite are kept. `read` gives the bytes of a file that is not on disk.
 */
export async function readVolumeFile(path: string, read = readBytes): Promise<Volume> {
  const bytes = await read(path);
  if (isGzip(bytes) || isNifti(bytes) || /\.nii$/i.test(path)) return readNifti(bytes, path);
  if (!isMetaImage(bytes) && !/\.mh[ad]$/i.test(path)) throw new AppError('UNKNOWN_FORMAT', { path });
  const dataFile = metaImageDataFile(bytes, path);
  return readMetaImage(
    bytes,
    path,
    dataFile === undefined ? undefined : await read(join(dirname(path), dataFile)),
  );
}

/** Writes .nii, .nii.gz or .mha (compressed) by the name's ending, atomically. Throws BAD_USAGE for another ending, and write errors. */
export async function writeVolumeFile(path: string, volume: Volume, description = ''): Promise<void> {
  const name = path.toLowerCase();
  if (name.endsWith('.nii') || name.endsWith('.nii.gz')) {
    await writeAtomically(path, writeNifti(volume, { gzip: name.endsWith('.gz'), description }));
  } else if (name.endsWith('.mha')) {
    await writeAtomically(path, writeMetaImage(volume, { compressed: true }));
  } else {
    throw new AppError('BAD_USAGE', { problem: `${path} does not end in .nii, .nii.gz or .mha.` });
  }
}
