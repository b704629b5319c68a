/**
 * Stored words → HU (CT) or the scanner's rescaled intensity (MR).
 *
 * Source: DICOM PS3.3 C.11.1.1.2 (value = slope · stored + intercept), C.7.5.1.1.2 (padding). Rule for padding: in a CT, padded
 * pixels whose HU would lie below −1024 are air outside the scanned circle and become −1024; every other padding value (and all
 * of MR) is kept, because scanners have used 0 for both water and padding.
 */
import type { StoredWords } from './decodeFrame.ts';
import type { DicomHeader } from './readDicomHeader.ts';

/** HU of air outside the field of view, the lower end of the usual 12-bit CT range. */
const airHu = -1024;

/** Smallest and largest value of a frame. */
export interface ValueRange {
  readonly smallest: number;
  readonly largest: number;
}

/** Writes a frame's values into `target` from `offset` on. What does not fit `target`'s type is for the caller to see in the range. */
export function writeFrameValues(
  { words, highBit }: StoredWords,
  { pixels, rescaleSlope: slope, rescaleIntercept: intercept, modality }: DicomHeader,
  target: Float32Array | Int16Array,
  offset: number,
): ValueRange {
  const { signed, bitsStored, padding } = pixels;
  const left = 31 - highBit;
  const right = 32 - bitsStored;
  const count = words.length;
  const padded = modality === 'CT' && padding !== undefined ? padding : { first: 1, last: 0 };
  let smallest = Infinity;
  let largest = -Infinity;
  for (let at = 0; at < count; at++) {
    const shifted = (words[at] ?? 0) << left;
    const raw = signed ? shifted >> right : shifted >>> right;
    let value = raw * slope + intercept;
    if (value < airHu && raw >= padded.first && raw <= padded.last) value = airHu;
    if (value < smallest) smallest = value;
    if (value > largest) largest = value;
    target[offset + at] = value;
  }
  return { smallest, largest };
}
