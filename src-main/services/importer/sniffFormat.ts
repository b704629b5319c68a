/**
 * Which format a file is in, by its first bytes; where they say nothing, by its name's ending, so that a damaged `.dcm` or `.nii` is
 * reported as such and not passed over.
 */
import { open } from 'node:fs/promises';
import { isMetaImage } from '../../formats/metaimage/metaHeader.ts';
import { isNifti } from '../../formats/nifti/readNifti.ts';
import { gunzipBeginning, isGzip } from '../../formats/voxels/inflate.ts';
import { AppError } from '../../shared/appError.ts';
import { systemCode } from '../../workflows/files/toWriteError.ts';

export type FileFormat = 'dicom' | 'nifti' | 'metaimage';

const lookedAt = 65_536;

/** The format, or undefined for a file that is none of ours. Throws FILE_UNREADABLE. */
export async function sniffFormat(path: string): Promise<FileFormat | undefined> {
  const head = await readHead(path);
  return formatOfBytes(head) ?? formatOfName(path);
}

function formatOfBytes(head: Uint8Array): FileFormat | undefined {
  if (head.length >= 132 && String.fromCharCode(...head.subarray(128, 132)) === 'DICM') return 'dicom';
  if (isGzip(head)) return isNifti(gunzipBeginning(head)) ? 'nifti' : undefined;
  if (isNifti(head)) return 'nifti';
  if (isMetaImage(head)) return 'metaimage';
  // Without preamble a data set begins with group 0002 or 0008, in either byte order.
  const [b0, b1, b2, b3] = head;
  const little = (b0 === 8 || b0 === 2) && b1 === 0 && b3 === 0;
  return little || (b0 === 0 && b1 === 8 && b2 === 0) ? 'dicom' : undefined;
}

function formatOfName(path: string): FileFormat | undefined {
  if (/\.(dcm|ima)$/i.test(path)) return 'dicom';
  if (/\.nii(\.gz)?$/i.test(path)) return 'nifti';
  return /\.mh[ad]$/i.test(path) ? 'metaimage' : undefined;
}

async function readHead(path: string): Promise<Uint8Array> {
  try {
    const handle = await open(path, 'r');
    try {
      const buffer = new Uint8Array(lookedAt);
      const { bytesRead } = await handle.read(buffer, 0, lookedAt, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    throw new AppError('FILE_UNREADABLE', { path, reason: code }, { cause: error });
  }
}
