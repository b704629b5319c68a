/**
 * A DICOM data set as it lies in the file, element by element, read and written again without touching a value: what goes in and is not
 * changed comes out byte for byte, compressed pixel data included.
 *
 * Source: DICOM PS3.5 section 7 (data elements, sequences), A.4 (encapsulated pixel data). Read: implicit and explicit VR, little and big
 * endian, items of defined and undefined length, UN of undefined length (which is implicit VR little endian inside). Written: defined
 * lengths; group lengths are left out, since they would no longer be true.
 */
import { vrOf } from './vrOf.ts';

export interface RawElement {
  /** Group and element, `(group << 16 | element) >>> 0`. */
  readonly tag: number;
  /** From the dictionary where the encoding is implicit; UN where that does not know it. */
  readonly vr: string;
  readonly value: RawValue;
}

export type RawValue =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'items'; readonly items: readonly (readonly RawElement[])[] }
  /** Pixel data in fragments, the offset table first. */
  | { readonly kind: 'fragments'; readonly fragments: readonly Uint8Array[] };

export interface RawEncoding {
  readonly explicitVr: boolean;
  readonly bigEndian: boolean;
}

const longForm: ReadonlySet<string> = new Set(
  'OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '), // cspell:disable-line
);
const itemTag = 0xfffee000;
const itemEnd = 0xfffee00d;
const sequenceEnd = 0xfffee0dd;
const pixelData = 0x7fe00010;
const undefinedLength = 0xffffffff;
/** No image of a patient nests deeper; a file that would exhaust the stack does. */
const deepest = 64;
const implicitLittle: RawEncoding = { explicitVr: false, bigEndian: false };

const preamble = 128;

/** Where the data set of a file begins: behind preamble and meta information (PS3.10 section 7.1), as far as there are any. */
export function dataSetStart(bytes: Uint8Array): number {
  const isPart10 = String.fromCharCode(...bytes.subarray(preamble, preamble + 4)) === 'DICM';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = isPart10 ? preamble + 4 : 0;
  while (at + 12 <= bytes.length && view.getUint16(at, true) === 2) {
    const isLong = longForm.has(String.fromCharCode(...bytes.subarray(at + 4, at + 6)));
    at += isLong ? 12 + view.getUint32(at + 8, true) : 8 + view.getUint16(at + 6, true);
  }
  return at;
}

/** Reads `bytes` from `start`. Throws a RangeError where an element runs past the end or sequences are nested beyond reason. */
export function readRawDataSet(bytes: Uint8Array, start: number, encoding: RawEncoding): RawElement[] {
  return createReader(bytes).elements({ at: start, end: bytes.length }, encoding, 0);
}

interface Place {
  at: number;
  readonly end: number;
}

function createReader(bytes: Uint8Array): {
  elements(place: Place, encoding: RawEncoding, depth: number): RawElement[];
} {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const need = (place: Place, count: number): void => {
    if (place.at + count > place.end) throw new RangeError('An element runs past the end.');
  };
  const readTag = (place: Place, { bigEndian }: RawEncoding): number => {
    need(place, 8);
    const tag = view.getUint16(place.at, !bigEndian) * 0x10000 + view.getUint16(place.at + 2, !bigEndian);
    place.at += 4;
    return tag;
  };
  const readLength = (place: Place, { bigEndian }: RawEncoding): number => {
    need(place, 4);
    place.at += 4;
    return view.getUint32(place.at - 4, !bigEndian);
  };
  const take = (place: Place, length: number): Uint8Array => {
    need(place, length);
    place.at += length;
    return bytes.subarray(place.at - length, place.at);
  };

  const elements = (place: Place, encoding: RawEncoding, depth: number): RawElement[] => {
    if (depth > deepest) throw new RangeError('Sequences are nested too deeply.');
    const read: RawElement[] = [];
    while (place.at < place.end) {
      const tag = readTag(place, encoding);
      if (tag === itemEnd) {
        readLength(place, encoding);
        break;
      }
      const element = readElement(tag, place, encoding, depth);
      if ((tag & 0xffff) !== 0) read.push(element);
    }
    return read;
  };

  const readElement = (tag: number, place: Place, encoding: RawEncoding, depth: number): RawElement => {
    const { vr, length } = readForm(tag, place, encoding);
    if (length === undefinedLength && tag === pixelData)
      return { tag, vr, value: { kind: 'fragments', fragments: readFragments(place, encoding) } };
    const inner = encoding.explicitVr && vr === 'UN' ? implicitLittle : encoding;
    const isSequence = vr === 'SQ' || length === undefinedLength || (vr === 'UN' && vrOf(tag) === 'SQ');
    if (!isSequence) return { tag, vr, value: { kind: 'bytes', bytes: take(place, length) } };
    const items = readItems(place, length, inner, depth + 1);
    // What UN held was implicit; it is written in the file's own encoding, as the sequence it is.
    return { tag, vr: 'SQ', value: { kind: 'items', items } };
  };

  const readForm = (tag: number, place: Place, encoding: RawEncoding): { vr: string; length: number } => {
    if (!encoding.explicitVr) return { vr: vrOf(tag) ?? 'UN', length: readLength(place, encoding) };
    const vr = String.fromCharCode(...take(place, 2));
    if (longForm.has(vr)) {
      take(place, 2);
      return { vr, length: readLength(place, encoding) };
    }
    need(place, 2);
    place.at += 2;
    return { vr, length: view.getUint16(place.at - 2, !encoding.bigEndian) };
  };

  const readItems = (place: Place, length: number, encoding: RawEncoding, depth: number): RawElement[][] => {
    if (length !== undefinedLength) need(place, length);
    const inside: Place = { at: place.at, end: length === undefinedLength ? place.end : place.at + length };
    const items: RawElement[][] = [];
    while (inside.at < inside.end) {
      const tag = readTag(inside, encoding);
      const itemLength = readLength(inside, encoding);
      if (tag === sequenceEnd) break;
      if (tag !== itemTag) throw new RangeError('A sequence holds something else than items.');
      if (itemLength === undefinedLength) items.push(elements(inside, encoding, depth));
      else {
        need(inside, itemLength);
        items.push(elements({ at: inside.at, end: inside.at + itemLength }, encoding, depth));
        inside.at += itemLength;
      }
    }
    place.at = inside.at;
    return items;
  };

  const readFragments = (place: Place, encoding: RawEncoding): Uint8Array[] => {
    const fragments: Uint8Array[] = [];
    for (;;) {
      const tag = readTag(place, encoding);
      const length = readLength(place, encoding);
      if (tag === sequenceEnd) return fragments;
      if (tag !== itemTag) throw new RangeError('Pixel data hold something else than fragments.');
      fragments.push(take(place, length));
    }
  };

  return { elements };
}

/** The bytes of a data set. Throws a RangeError for a value that is too long for its VR. */
export function encodeRawDataSet(elements: readonly RawElement[], encoding: RawEncoding): Uint8Array {
  return joined(elements.flatMap((element) => encodeElement(element, encoding)));
}

function encodeElement({ tag, vr, value }: RawElement, encoding: RawEncoding): Uint8Array[] {
  if (value.kind === 'bytes') return [header(tag, vr, value.bytes.length, encoding), value.bytes];
  if (value.kind === 'items') {
    const items = value.items.flatMap((item) => {
      const bytes = encodeRawDataSet(item, encoding);
      return [bareHeader(itemTag, bytes.length, encoding), bytes];
    });
    const length = items.reduce((sum, { length: bytes }) => sum + bytes, 0);
    return [header(tag, vr, length, encoding), ...items];
  }
  return [
    header(tag, vr, undefinedLength, encoding),
    ...value.fragments.flatMap((bytes) => [bareHeader(itemTag, bytes.length, encoding), bytes]),
    bareHeader(sequenceEnd, 0, encoding),
  ];
}

function header(tag: number, vr: string, length: number, encoding: RawEncoding): Uint8Array {
  if (!encoding.explicitVr) return bareHeader(tag, length, encoding);
  const isLong = longForm.has(vr);
  if (!isLong && length > 0xffff) throw new RangeError(`A value is too long for its VR ${vr}.`);
  const bytes = new Uint8Array(isLong ? 12 : 8);
  bytes.set(bareHeader(tag, 0, encoding).subarray(0, 4));
  bytes.set([vr.charCodeAt(0), vr.charCodeAt(1)], 4);
  const view = new DataView(bytes.buffer);
  if (isLong) view.setUint32(8, length, !encoding.bigEndian);
  else view.setUint16(6, length, !encoding.bigEndian);
  return bytes;
}

/** Tag and 32-bit length, as items and implicit VR have them. */
function bareHeader(tag: number, length: number, { bigEndian }: RawEncoding): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, tag >>> 16, !bigEndian);
  view.setUint16(2, tag & 0xffff, !bigEndian);
  view.setUint32(4, length, !bigEndian);
  return bytes;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
