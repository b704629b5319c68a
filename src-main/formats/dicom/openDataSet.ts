/**
 * Opens the data set of a DICOM file: finds where it begins, in which transfer syntax it is, and parses every element up to
 * the pixel data (which is left where it is).
 *
 * Source: DICOM PS3.10 section 7.1 (preamble and File Meta Information, always Explicit VR Little Endian), PS3.5 section 7.
 * Tolerated, because such files are met in practice: no preamble, no meta information, meta information without a transfer
 * syntax (the encoding is then read off the first element). A deflated data set (PS3.5 A.5) is inflated first, up to a limit.
 */
import { AppError } from '../../shared/appError.ts';
import { inflateRaw } from '../voxels/inflate.ts';
import { dicomParser, type DataSet } from './dicomParser.ts';
import {
  explicitBigEndian,
  explicitLittleEndian,
  implicitLittleEndian,
  transferSyntaxes,
  type TransferSyntax,
} from './transferSyntaxes.ts';

export interface OpenedDataSet {
  readonly dataSet: DataSet;
  /** What the data set's offsets count in: the file, or what a deflated file holds. */
  readonly bytes: Uint8Array;
  readonly transferSyntaxUid: string;
  readonly transferSyntax: TransferSyntax;
}

export const pixelDataTag = 'x7fe00010';

/** No deflated image of a patient expands beyond this; a bomb does. */
const mostInflated = (compressedBytes: number): number =>
  Math.min(2 ** 29, Math.max(2 ** 26, Math.ceil(compressedBytes / 2 ** 14) * 2 ** 20));

/**
 * Parses `bytes` up to the pixel data. `name` is only for messages. Throws an AppError: NOT_DICOM, DICOM_TRUNCATED,
 * DICOM_UNSUPPORTED (naming the syntax) or FILE_UNREADABLE (damaged structure).
 */
export function openDataSet(bytes: Uint8Array, name: string): OpenedDataSet {
  const preamble = bytes.length >= 132 && String.fromCharCode(...bytes.subarray(128, 132)) === 'DICM';
  const start = preamble ? 132 : 0;
  const isDicom =
    preamble || (bytes[0] === 2 && bytes[1] === 0) || guessTransferSyntax(bytes, 0) !== undefined;
  return guardParser(name, isDicom, () => {
    const meta = readMeta(bytes, start);
    const uid = meta.transferSyntaxUid ?? guessTransferSyntax(bytes, meta.end);
    if (uid === undefined) throw new AppError('NOT_DICOM', { path: name });
    const transferSyntax = transferSyntaxes.get(uid);
    if (transferSyntax === undefined) {
      const reason = `its transfer syntax is an unknown encoding (${uid.replace(/[^0-9.]/g, '?')})`;
      throw new AppError('DICOM_UNSUPPORTED', { path: name, reason });
    }
    const plain = transferSyntax.deflated ? inflate(bytes.subarray(meta.end), name) : bytes;
    const dataSet = parse(plain, transferSyntax.deflated ? 0 : meta.end, transferSyntax);
    return { dataSet, bytes: plain, transferSyntaxUid: uid, transferSyntax };
  });
}

/**
 * Whether `bytes`, the beginning of a file, hold all of its header, or what is wrong with it: more of the file would change nothing. Told
 * from the pixel data, which end the header of an image.
 */
export function holdsHeader(bytes: Uint8Array, name: string): boolean {
  try {
    return openDataSet(bytes, name).dataSet.elements[pixelDataTag] !== undefined;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.code !== 'DICOM_TRUNCATED';
  }
}

/** The last: where a sequence has no end, dicom-parser stumbles over a list of warnings that it does not have. */
const endedEarly = /past (the )?end|overrun|overread|cannot be greater|maxP ?osition|reading 'push'/i;

/** Runs code that touches dicom-parser, which throws strings and plain objects, and turns what it throws into an AppError. */
export function guardParser<T>(name: string, isDicom: boolean, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (error instanceof AppError) throw error;
    const text = messageOf(error);
    if (!isDicom) throw new AppError('NOT_DICOM', { path: name });
    if (endedEarly.test(text)) {
      throw new AppError('DICOM_TRUNCATED', {
        path: name,
        reason: 'an element runs past the end of the file',
      });
    }
    throw new AppError('FILE_UNREADABLE', { path: name, reason: 'its DICOM structure is damaged' });
  }
}

function inflate(compressed: Uint8Array, path: string): Uint8Array {
  const most = mostInflated(compressed.length);
  const inflated = inflateRaw(compressed, most);
  if ('bytes' in inflated) return inflated.bytes;
  if (inflated.problem === 'short')
    throw new AppError('DICOM_TRUNCATED', { path, reason: 'its deflated data have no end' });
  const reason =
    inflated.problem === 'large'
      ? `it expands beyond ${most / 2 ** 20} MiB, as no image does`
      : 'its deflated data are damaged';
  throw new AppError('FILE_UNREADABLE', { path, reason });
}

function messageOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'exception' in error) return messageOf(error.exception);
  return error instanceof Error ? error.message : String(error);
}

function readMeta(bytes: Uint8Array, start: number): { transferSyntaxUid: string | undefined; end: number } {
  const stream = new dicomParser.ByteStream(dicomParser.littleEndianByteArrayParser, bytes, start);
  let transferSyntaxUid: string | undefined;
  let end = start;
  while (end + 8 <= bytes.length && bytes[end] === 2 && bytes[end + 1] === 0) {
    const element = dicomParser.readDicomElementExplicit(stream, []);
    if (element.tag === 'x00020010') {
      transferSyntaxUid = dicomParser.readFixedString(bytes, element.dataOffset, element.length).trim();
    }
    end = stream.position;
  }
  return { transferSyntaxUid: transferSyntaxUid === '' ? undefined : transferSyntaxUid, end };
}

/** The encoding seen in the first element, which is in group 0008 in every image; undefined when this is no DICOM at all. */
function guessTransferSyntax(bytes: Uint8Array, at: number): string | undefined {
  const [b0, b1, b2, b3, b4 = 0, b5 = 0] = bytes.subarray(at, at + 6);
  const isCapital = (byte: number): boolean => byte >= 0x41 && byte <= 0x5a;
  const explicit = isCapital(b4) && isCapital(b5);
  if (b0 === 0 && b1 === 8 && b2 === 0 && explicit) return explicitBigEndian;
  if (b0 === 8 && b1 === 0 && b3 === 0) return explicit ? explicitLittleEndian : implicitLittleEndian;
  return undefined;
}

function parse(bytes: Uint8Array, start: number, { explicitVr, bigEndian }: TransferSyntax): DataSet {
  const parser = bigEndian ? dicomParser.bigEndianByteArrayParser : dicomParser.littleEndianByteArrayParser;
  const stream = new dicomParser.ByteStream(parser, bytes, start);
  const dataSet = new dicomParser.DataSet(parser, bytes, {});
  const options = { untilTag: pixelDataTag };
  if (explicitVr) dicomParser.parseDicomDataSetExplicit(dataSet, stream, bytes.length, options);
  else dicomParser.parseDicomDataSetImplicit(dataSet, stream, bytes.length, options);
  if (stream.position > bytes.length) throw new RangeError('attempt to read past end of buffer');
  return dataSet;
}
