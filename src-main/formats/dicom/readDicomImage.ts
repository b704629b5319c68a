/** Reads one image with its values: HU for CT, the scanner's rescaled intensity for MR. */
import { AppError } from '../../shared/appError.ts';
import { frameReader } from './decodeFrame.ts';
import { writeFrameValues } from './frameValues.ts';
import { readDicomFrames, type DicomHeader } from './readDicomHeader.ts';

export interface DicomImage {
  readonly header: DicomHeader;
  /** `columns * rows` values, i (along a row) fastest. */
  readonly values: Float32Array;
}

/**
 * Header and values of image `frame` (from 0) of the file in `bytes`. Rejects with the AppErrors of `readDicomFrames`, DICOM_TRUNCATED,
 * DICOM_UNSUPPORTED or FILE_UNREADABLE of the pixels, and VOLUME_NOT_FINITE.
 */
export async function readDicomImage(bytes: Uint8Array, name: string, frame = 0): Promise<DicomImage> {
  const file = readDicomFrames(bytes, name);
  const header = file.headers[frame];
  if (header === undefined) throw new RangeError(`Frame ${frame} of ${file.headers.length}.`);
  const values = new Float32Array(header.rows * header.columns);
  const isFinite = writeFrameValues(await frameReader(file.bytes, name)(header), header, values, 0);
  if (!isFinite) throw new AppError('VOLUME_NOT_FINITE', { path: name, count: 1 });
  return { header, values };
}
