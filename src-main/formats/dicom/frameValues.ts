/**
 * Stored words → HU (CT) or the scanner's rescaled intensity (MR), through a table of every possible stored value, which costs a
 * fraction of computing each pixel.
 *
 * Source: DICOM PS3.3 C.11.1.1.2 (value = slope · stored + intercept), C.7.5.1.1.2 (padding). Rule for padding: in a CT, padded
 * pixels whose HU would lie below −1024 are air outside the scanned circle and become −1024; every other padding value (and all
 * of MR) is kept, because scanners have used 0 for both water and padding.
 */
import type { StoredWords } from './decodeFrame.ts';
import type { DicomHeader } from './readDicomHeader.ts';

/** HU of air outside the field of view, the lower end of the usual 12-bit CT range. */
const airHu = -1024;

interface ValueTable {
  readonly key: string;
  /** By the stored value’s bits; as 32-bit floats it stays in the cache. */
  readonly values: Float32Array;
  readonly smallest: number;
  readonly largest: number;
}

/** The last table: a series mostly has one. */
let lastTable: ValueTable | undefined;

/**
 * Writes a frame's values into `target` from `offset` on. Returns whether all of them fit its type: whole numbers of 16 bits, or finite
 * 32-bit floats; what is written for one that does not means nothing.
 */
export function writeFrameValues(
  { words, highBit }: StoredWords,
  header: DicomHeader,
  target: Float32Array | Int16Array,
  offset: number,
): boolean {
  const table = tableOf(header);
  const { values } = table;
  const shift = highBit + 1 - header.pixels.bitsStored;
  const mask = values.length - 1;
  const count = words.length;
  for (let at = 0; at < count; at++) target[offset + at] = values[((words[at] ?? 0) >> shift) & mask] ?? 0;
  if (fits(table, target)) return true;
  let [smallest, largest] = [Infinity, -Infinity];
  for (let at = 0; at < count; at++) {
    const value = values[((words[at] ?? 0) >> shift) & mask] ?? 0;
    if (value < smallest) smallest = value;
    if (value > largest) largest = value;
  }
  return fits({ smallest, largest }, target);
}

function fits(
  { smallest, largest }: { readonly smallest: number; readonly largest: number },
  target: Float32Array | Int16Array,
): boolean {
  return target instanceof Int16Array
    ? smallest >= -32768 && largest <= 32767
    : Number.isFinite(Math.fround(smallest)) && Number.isFinite(Math.fround(largest));
}

function tableOf({ pixels, rescaleSlope, rescaleIntercept, modality }: DicomHeader): ValueTable {
  const { signed, bitsStored } = pixels;
  const padding = modality === 'CT' && pixels.padding !== undefined ? pixels.padding : { first: 1, last: 0 };
  const key = [signed, bitsStored, rescaleSlope, rescaleIntercept, padding.first, padding.last].join(' ');
  if (lastTable?.key === key) return lastTable;
  const values = new Float32Array(1 << bitsStored);
  let [smallest, largest] = [Infinity, -Infinity];
  for (let bits = 0; bits < values.length; bits++) {
    const stored = signed && bits >= values.length / 2 ? bits - values.length : bits;
    const rescaled = stored * rescaleSlope + rescaleIntercept;
    const isAir = rescaled < airHu && stored >= padding.first && stored <= padding.last;
    const value = isAir ? airHu : rescaled;
    values[bits] = value;
    smallest = Math.min(smallest, value);
    largest = Math.max(largest, value);
  }
  lastTable = { key, values, smallest, largest };
  return lastTable;
}
