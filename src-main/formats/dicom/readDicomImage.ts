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
  const range = writeFrameValues(await frameReader(file.bytes, name)(header), header, values, 0);
  checkFinite(range, name);
  return { header, values };
}

/** Throws VOLUME_NOT_FINITE for values beyond what 32-bit floats hold. */
export function checkFinite(range: { smallest: number; largest: number }, name: string): void {
  const finite = Number.isFinite(Math.fround(range.smallest)) && Number.isFinite(Math.fround(range.largest));
  if (!finite) throw new AppError('VOLUME_NOT_FINITE', { path: name, count: 1 });
}
