/**
 * RLE Lossless: PackBits per byte plane (DICOM PS3.5 annex G). A frame begins with sixteen little endian 32-bit words, the
 * number of segments and where each begins; of 16-bit samples the first segment holds the high bytes.
 */
import type { DecodedFrame, FrameShape } from './frameDecoder.ts';

/** Decodes one frame. Throws a RangeError when segments are missing or give too few bytes. */
export function decodeRle(stream: Uint8Array, { columns, rows, bitsAllocated }: FrameShape): DecodedFrame {
  const count = columns * rows;
  const planes = bitsAllocated / 8;
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  const segments = view.getUint32(0, true);
  if (segments !== planes) throw new RangeError(`${segments} segments where ${planes} are needed`);
  // No stream expands more than 64-fold (128 bytes from two).
  if (count * planes > stream.length * 64) throw new RangeError('it is too short for its size');
  const words = planes === 1 ? new Uint8Array(count) : new Uint16Array(count);
  for (let plane = 0; plane < planes; plane++) {
    const start = view.getUint32(4 + 4 * plane, true);
    const end = plane + 1 < planes ? view.getUint32(8 + 4 * plane, true) : stream.length;
    unpack(stream.subarray(start, end), words, plane + 1 < planes ? 8 : 0);
  }
  return { words, precision: bitsAllocated };
}

function unpack(segment: Uint8Array, words: Uint8Array | Uint16Array, shift: number): void {
  let at = 0;
  let out = 0;
  while (out < words.length && at < segment.length) {
    const control = segment[at++] ?? 0;
    if (control === 128) continue;
    const isRun = control > 128;
    const length = Math.min(isRun ? 257 - control : control + 1, words.length - out);
    if (at + (isRun ? 1 : length) > segment.length) break;
    for (let k = 0; k < length; k++, out++) {
      words[out] = (words[out] ?? 0) | ((segment[isRun ? at : at + k] ?? 0) << shift);
    }
    at += isRun ? 1 : length;
  }
  if (out < words.length) throw new RangeError(`${out} of ${words.length} bytes in a segment`);
}
