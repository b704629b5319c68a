/**
 * Which format a file is in, by its first bytes; where they say nothing, by its name's ending, so that a damaged `.dcm` or `.nii` is
 * reported as such and not passed over.
 */
import { isMetaImage } from '../../formats/metaimage/metaHeader.ts';
import { isNifti } from '../../formats/nifti/readNifti.ts';
import { gunzipBeginning, isGzip } from '../../formats/voxels/inflate.ts';

export type FileFormat = 'dicom' | 'nifti' | 'metaimage';

/** How much of a file's beginning tells its format, and mostly holds a DICOM header too. */
export const headBytes = 65_536;

/** The format of the file at `path` that begins with `head`, or undefined for one that is none of ours. */
export function sniffFormat(head: Uint8Array, path: string): FileFormat | undefined {
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
