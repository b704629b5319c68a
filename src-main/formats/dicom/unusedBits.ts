/**
 * Pixels hold their value in some of the bits they are given; older files hid graphics in the others (DICOM PS3.5 section 8.1.2, overlays in
 * unused bits, retired 2004). What is there besides zeros, or the sign carried on, is cleared; the values stay as they are.
 */
import { tagNumber } from './deidentifyActions.ts';
import type { RawElement, RawEncoding } from './rawDataSet.ts';
import { shortOf } from './rawValues.ts';

const tags = {
  bitsAllocated: tagNumber('BitsAllocated'),
  bitsStored: tagNumber('BitsStored'),
  highBit: tagNumber('HighBit'),
  pixelRepresentation: tagNumber('PixelRepresentation'),
  pixelData: tagNumber('PixelData'),
};

interface PixelBits {
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
  readonly bigEndian: boolean;
}

/** A data set whose pixels, where they are not compressed, hold nothing beside their values. */
export function withoutHiddenBits(elements: readonly RawElement[], { bigEndian }: RawEncoding): RawElement[] {
  const short = (wanted: number): number =>
    shortOf(
      elements.find(({ tag }) => tag === wanted),
      bigEndian,
    );
  return elements.map((element) => {
    if (element.tag !== tags.pixelData || element.value.kind !== 'bytes') return element;
    const bytes = clearUnusedBits(element.value.bytes, {
      bitsAllocated: short(tags.bitsAllocated),
      bitsStored: short(tags.bitsStored),
      highBit: short(tags.highBit),
      signed: short(tags.pixelRepresentation) === 1,
      bigEndian,
    });
    return { ...element, value: { kind: 'bytes', bytes } };
  });
}

/** `pixels` itself where its unused bits hold nothing; else a copy without them. Samples of 8 and 16 bits; others have no unused bits in use. */
function clearUnusedBits(pixels: Uint8Array, bits: PixelBits): Uint8Array {
  const { bitsAllocated, bitsStored, highBit, signed } = bits;
  const shift = highBit - bitsStored + 1;
  const isPlain = bitsAllocated === 8 || bitsAllocated === 16;
  if (!isPlain || shift < 0 || highBit >= bitsAllocated || bitsStored === bitsAllocated) return pixels;
  const all = 2 ** bitsAllocated - 1;
  const valueMask = (2 ** bitsStored - 1) << shift;
  const above = all & ~(2 ** (highBit + 1) - 1);
  const plainOf = (sample: number): number => sample & valueMask;
  const extendedOf = (sample: number): number => {
    const value = sample & valueMask;
    return (value >>> highBit) & 1 ? value | above : value;
  };
  if (holdsAll(pixels, bits, plainOf) || (signed && holdsAll(pixels, bits, extendedOf))) return pixels;
  const cleared = pixels.slice();
  eachSample(cleared, bits, (sample, write) => {
    write(signed ? extendedOf(sample) : plainOf(sample));
    return true;
  });
  return cleared;
}

function holdsAll(pixels: Uint8Array, bits: PixelBits, of: (sample: number) => number): boolean {
  return eachSample(pixels, bits, (sample) => of(sample) === sample);
}

type Visit = (sample: number, write: (sample: number) => void) => boolean;

/** Ends with false at the first sample for which `visit` says so. */
function eachSample(pixels: Uint8Array, { bitsAllocated, bigEndian }: PixelBits, visit: Visit): boolean {
  const view = new DataView(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  const width = bitsAllocated / 8;
  for (let at = 0; at + width <= pixels.length; at += width) {
    const sample = width === 1 ? view.getUint8(at) : view.getUint16(at, !bigEndian);
    const goesOn = visit(sample, (value) => {
      if (width === 1) view.setUint8(at, value);
      else view.setUint16(at, value, !bigEndian);
    });
    if (!goesOn) return false;
  }
  return true;
}
