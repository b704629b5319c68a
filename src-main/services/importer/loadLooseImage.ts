/** A NIfTI or MetaImage file with what is odd about it; whether it fits into memory is told from its header. */
import { isMetaImage, parseMetaHeader } from '../../formats/metaimage/metaHeader.ts';
import { metaImageFindings } from '../../formats/metaimage/metaImageFindings.ts';
import { niftiFindings } from '../../formats/nifti/niftiFindings.ts';
import { isNifti, readNiftiHeader } from '../../formats/nifti/readNifti.ts';
import { type VoxelKind, voxelKinds } from '../../formats/voxels/decodeVoxels.ts';
import { isGzip } from '../../formats/voxels/inflate.ts';
import type { Finding } from '../../shared/finding.ts';
import { type Grid, voxelCount } from '../../shared/volume.ts';
import { readBytes } from '../../workflows/files/readBytes.ts';
import { readVolumeFile } from '../../workflows/files/volumeFile.ts';
import { requireMemory } from './checkMemory.ts';
import type { LoadedImage } from './plannedCase.ts';

/** Loads the file at `path`. Throws what `readVolumeFile` throws, and VOLUME_TOO_LARGE. `read` gives a file's bytes. */
export async function loadLooseImage(path: string, read = readBytes): Promise<LoadedImage> {
  const bytes = await read(path);
  const findings = lookAtHeader(bytes, path);
  const volume = await readVolumeFile(path, (file) => (file === path ? Promise.resolve(bytes) : read(file)));
  return { volume, findings };
}

function lookAtHeader(bytes: Uint8Array, path: string): Finding[] {
  if (isGzip(bytes) || isNifti(bytes)) {
    requireMemory(path, bytesNeeded(readNiftiHeader(bytes, path)));
    return niftiFindings(bytes, path);
  }
  if (!isMetaImage(bytes)) return [];
  requireMemory(path, bytesNeeded(parseMetaHeader(bytes, path)));
  return metaImageFindings(bytes, path);
}

/** Stored voxels as read and decoded, then as 32-bit floats beside a 16-bit copy. */
function bytesNeeded({ grid, kind }: { readonly grid: Grid; readonly kind: VoxelKind }): number {
  return voxelCount(grid) * (2 * voxelKinds[kind].size + 4 + 2);
}
