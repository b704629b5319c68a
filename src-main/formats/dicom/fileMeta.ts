/**
 * The preamble and File Meta Information of a DICOM file (PS3.10 section 7.1): read to learn where a file's data set begins and how it is
 * encoded, and made anew for a data set that came over the network, so that the data set itself stays as it was, byte by byte.
 */
import { AppError } from '../../shared/appError.ts';
import { dicomParser } from './dicomParser.ts';
import { guardParser } from './openDataSet.ts';
import { implementationClassUid, implementationVersionName } from './encodePart10.ts';

export interface FileMeta {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly transferSyntaxUid: string;
}

const preambleLength = 128;
const prefix = 'DICM';

/** Reads the meta information; `bytes` may be the beginning of a file (a few KiB). Throws NOT_DICOM for a file without it. */
export function readFileMeta(bytes: Uint8Array, name: string): FileMeta & { readonly dataSetOffset: number } {
  const start = preambleLength + prefix.length;
  const isDicom =
    bytes.length > start && String.fromCharCode(...bytes.subarray(preambleLength, start)) === prefix;
  if (!isDicom) throw new AppError('NOT_DICOM', { path: name });
  return guardParser(name, true, () => {
    const stream = new dicomParser.ByteStream(dicomParser.littleEndianByteArrayParser, bytes, start);
    const values = new Map<string, string>();
    let dataSetOffset = start;
    while (bytes[dataSetOffset] === 2 && bytes[dataSetOffset + 1] === 0) {
      const { tag, vr, dataOffset, length } = dicomParser.readDicomElementExplicit(stream, []);
      if (vr === 'UI') values.set(tag, dicomParser.readFixedString(bytes, dataOffset, length).trim());
      dataSetOffset = stream.position;
    }
    const [sopClassUid, sopInstanceUid, transferSyntaxUid] = ['x00020002', 'x00020003', 'x00020010'].map(
      (tag) => values.get(tag),
    );
    if (!sopClassUid || !sopInstanceUid || !transferSyntaxUid)
      throw new AppError('NOT_DICOM', { path: name });
    return { sopClassUid, sopInstanceUid, transferSyntaxUid, dataSetOffset };
  });
}

/** Everything of a file before its data set. `sourceAeTitle`: who sent it (at most 16 characters). */
export function encodeFileMeta(
  { sopClassUid, sopInstanceUid, transferSyntaxUid }: FileMeta,
  sourceAeTitle = '',
): Uint8Array {
  const elements = joined([
    element(0x0001, 'OB', new Uint8Array([0, 1])),
    element(0x0002, 'UI', padded(sopClassUid, '\0')),
    element(0x0003, 'UI', padded(sopInstanceUid, '\0')),
    element(0x0010, 'UI', padded(transferSyntaxUid, '\0')),
    element(0x0012, 'UI', padded(implementationClassUid, '\0')),
    element(0x0013, 'SH', padded(implementationVersionName, ' ')),
    ...(sourceAeTitle === '' ? [] : [element(0x0016, 'AE', padded(sourceAeTitle, ' '))]),
  ]);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, elements.length, true);
  return joined([new Uint8Array(preambleLength), ascii(prefix), element(0x0000, 'UL', length), elements]);
}

/** An element of group 0002; OB alone has the long form of the length (PS3.5 section 7.1.2). */
function element(number: number, vr: string, value: Uint8Array): Uint8Array {
  const head = new Uint8Array(vr === 'OB' ? 12 : 8);
  const view = new DataView(head.buffer);
  view.setUint16(0, 0x0002, true);
  view.setUint16(2, number, true);
  head.set(ascii(vr), 4);
  if (vr === 'OB') view.setUint32(8, value.length, true);
  else view.setUint16(6, value.length, true);
  return joined([head, value]);
}

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** Values have an even length. */
const padded = (text: string, filler: string): Uint8Array =>
  ascii(text.length % 2 === 0 ? text : text + filler);

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
