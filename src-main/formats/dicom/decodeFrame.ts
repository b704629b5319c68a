/**
 * One frame's stored words, from pixels as they lie in the file or through a decoder.
 *
 * Source: DICOM PS3.5 section 8. Before a compressed frame is decoded its own header must agree with the image's size and be of one
 * component and at most 16 bits: nothing is taken for what a damaged or hostile stream claims.
 */
import { AppError } from '../../shared/appError.ts';
import { codestreamInfo } from './codecs/codestreamInfo.ts';
import { loadFrameDecoder } from './codecs/loadFrameDecoder.ts';
import { encapsulatedFrames } from './encapsulatedFrames.ts';
import type { PixelStorage } from './pixelStorage.ts';
import type { DicomHeader } from './readDicomHeader.ts';

export interface StoredWords {
  /** One word per pixel, i fastest; its bits from `highBit` down are the stored value, those above mean nothing. */
  readonly words: Uint8Array | Uint16Array | Int16Array;
  readonly highBit: number;
}

/** Gives the frames of one open file, each decoded when it is asked for; `bytes` is the data set with its pixel data. */
export function frameReader(bytes: Uint8Array, name: string): (header: DicomHeader) => Promise<StoredWords> {
  let frames: readonly Uint8Array[] | undefined;
  return async (header) => {
    const { pixels, frame, frameCount } = header;
    if (pixels.codec === undefined) return { words: nativeWords(bytes, header), highBit: pixels.highBit };
    frames ??= encapsulatedFrames(bytes, pixels.dataOffset, frameCount, name);
    const stream = frames[frame];
    if (stream === undefined) throw new RangeError(`Frame ${frame} of ${frames.length}.`);
    return decodeStream(stream, header, pixels.codec);
  };
}

async function decodeStream(
  stream: Uint8Array,
  { name, rows, columns, pixels }: DicomHeader,
  codec: NonNullable<PixelStorage['codec']>,
): Promise<StoredWords> {
  if (codec !== 'rle') checkStream(stream, rows, columns, name);
  const decode = await loadFrameDecoder(codec);
  const shape = { columns, rows, bitsAllocated: pixels.bitsAllocated };
  try {
    const { words, precision } = decode(stream, shape);
    if (words.length !== rows * columns) throw new RangeError(`${words.length} pixels came out`);
    // Samples of a stream lie in its low bits, wherever the image had them before it was compressed.
    return { words, highBit: precision <= pixels.bitsStored ? pixels.bitsStored - 1 : pixels.highBit };
  } catch (error) {
    // Decoders throw numbers, texts and errors of their own; whichever it is, the stream is at fault.
    const detail = error instanceof RangeError ? `: ${error.message}` : '';
    const reason = `its compressed pixels are damaged${detail}`;
    throw new AppError('FILE_UNREADABLE', { path: name, reason }, { cause: error });
  }
}

function checkStream(stream: Uint8Array, rows: number, columns: number, name: string): void {
  const info = codestreamInfo(stream);
  const unsupported = (reason: string): AppError => new AppError('DICOM_UNSUPPORTED', { path: name, reason });
  if (info === undefined)
    throw new AppError('FILE_UNREADABLE', { path: name, reason: 'its compressed pixels have no header' });
  if (!info.complete)
    throw new AppError('DICOM_TRUNCATED', { path: name, reason: 'its compressed pixels have no end' });
  if (info.components !== 1) throw unsupported(`its compressed pixels have ${info.components} components`);
  if (info.precision > 16) throw unsupported(`its compressed pixels have ${info.precision} bits`);
  if (info.rows !== rows || info.columns !== columns)
    throw unsupported(`it is ${columns}×${rows} and its compressed pixels are ${info.columns}×${info.rows}`);
}

function nativeWords(
  bytes: Uint8Array,
  { pixels, rows, columns, frame }: DicomHeader,
): Uint8Array | Uint16Array {
  const { dataOffset, bitsAllocated, bigEndian } = pixels;
  const count = rows * columns;
  if (bitsAllocated === 8) {
    const start = dataOffset + frame * count;
    if (!bigEndian) return bytes.subarray(start, start + count);
    return Uint8Array.from({ length: count }, (_, at) => bytes[dataOffset + ((frame * count + at) ^ 1)] ?? 0);
  }
  const start = dataOffset + 2 * frame * count;
  if (!bigEndian && (bytes.byteOffset + start) % 2 === 0 && isLittleEndianMachine)
    return new Uint16Array(bytes.buffer, bytes.byteOffset + start, count);
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, 2 * count);
  const words = new Uint16Array(count);
  for (let at = 0; at < count; at++) words[at] = view.getUint16(2 * at, !bigEndian);
  return words;
}

const isLittleEndianMachine = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
