/**
 * Reads one image with its values: HU for CT, the scanner's rescaled intensity for MR.
 *
 * Source: DICOM PS3.3 C.7.6.3.1 (pixel layout), C.11.1.1.2 (value = slope · stored + intercept), C.7.5.1.1.2 (padding).
 * Rule for padding: in a CT, padded pixels whose HU would lie below −1024 are air outside the scanned circle and become
 * −1024; every other padding value (and all of MR) is kept, because scanners have used 0 for both water and padding.
 */
import { AppError } from '../../shared/appError.ts';
import { readDicomHeader, type DicomHeader, type PixelStorage } from './readDicomHeader.ts';

/** HU of air outside the field of view, the lower end of the usual 12-bit CT range. */
const airHu = -1024;

export interface DicomImage {
  readonly header: DicomHeader;
  /** `columns * rows` values, i (along a row) fastest. */
  readonly values: Float32Array;
}

/** Header and values of the image in `bytes`. Throws the AppErrors of `readDicomHeader`. */
export function readDicomImage(bytes: Uint8Array, name: string): DicomImage {
  const header = readDicomHeader(bytes, name);
  const values = decodePixels(bytes, header.pixels, header.rows * header.columns, header.modality === 'CT');
  const broken = values.findIndex((value) => !Number.isFinite(value));
  if (broken >= 0) throw new AppError('VOLUME_NOT_FINITE', { path: name, count: 1 });
  return { header, values };
}

function decodePixels(bytes: Uint8Array, pixels: PixelStorage, count: number, isCt: boolean): Float32Array {
  const { rescaleSlope, rescaleIntercept, padding } = pixels;
  const stored = storedValueReader(bytes, pixels);
  const values = new Float32Array(count);
  for (let at = 0; at < count; at++) {
    const raw = stored(at);
    const value = raw * rescaleSlope + rescaleIntercept;
    const padded =
      isCt && padding !== undefined && value < airHu && raw >= padding.first && raw <= padding.last;
    values[at] = padded ? airHu : value;
  }
  return values;
}

/** Reads stored value `at`: the BitsStored bits that end at HighBit, sign-extended when signed. */
function storedValueReader(bytes: Uint8Array, pixels: PixelStorage): (at: number) => number {
  const { dataOffset, bitsAllocated, bitsStored, highBit, signed, bigEndian } = pixels;
  const view = new DataView(bytes.buffer, bytes.byteOffset + dataOffset);
  const word =
    bitsAllocated === 16
      ? (at: number): number => view.getUint16(2 * at, !bigEndian)
      : // 8-bit pixels travel in 16-bit words (OW), whose bytes a big endian file swaps (PS3.5 8.1.2).
        (at: number): number => view.getUint8(bigEndian ? at ^ 1 : at);
  const left = 31 - highBit;
  const right = 32 - bitsStored;
  return signed ? (at) => (word(at) << left) >> right : (at) => (word(at) << left) >>> right;
}
