import { describe, expect, it } from 'vitest';
import {
  dataSetStart,
  encodeRawDataSet,
  readRawDataSet,
  type RawElement,
} from '../../../../src-main/formats/dicom/rawDataSet.ts';
import { transferSyntaxes } from '../../../../src-main/formats/dicom/transferSyntaxes.ts';
import { buildDicom, type Encoding } from '../../../fixtures/dicomBuilder.ts';

const little = { explicitVr: true, bigEndian: false };

/** The data set of a built file, and how it is encoded. */
function dataSetOf(encoding: Encoding) {
  const file = buildDicom({ encoding });
  const uids = {
    implicit: '1.2.840.10008.1.2',
    explicit: '1.2.840.10008.1.2.1',
    bigEndian: '1.2.840.10008.1.2.2',
  };
  const syntax = transferSyntaxes.get(uids[encoding]);
  if (!syntax) throw new Error(`No ${encoding}.`);
  return { bytes: file.subarray(dataSetStart(file)), syntax };
}

describe('a raw data set', () => {
  it.each(['implicit', 'explicit', 'bigEndian'] as const)('comes out of %s as it went in', (encoding) => {
    const { bytes, syntax } = dataSetOf(encoding);
    const elements = readRawDataSet(bytes, 0, syntax);
    expect(elements.length).toBeGreaterThan(10);
    expect(encodeRawDataSet(elements, syntax)).toEqual(bytes);
  });

  it('begins behind preamble and meta information, as far as there are any', () => {
    const whole = buildDicom({});
    const { bytes } = dataSetOf('explicit');
    expect(dataSetStart(whole)).toBe(whole.length - bytes.length);
    expect(dataSetStart(buildDicom({ preamble: false, meta: 'none' }))).toBe(0);
  });

  it('keeps nested sequences, fragments and UN of undefined length', () => {
    const text = (tag: number, value: string): RawElement => ({
      tag,
      vr: 'LO',
      value: { kind: 'bytes', bytes: new TextEncoder().encode(value) },
    });
    const inner: RawElement = {
      tag: 0x00081199,
      vr: 'SQ',
      value: { kind: 'items', items: [[text(0x00080070, 'ab')], []] },
    };
    const elements: RawElement[] = [
      { tag: 0x00081140, vr: 'SQ', value: { kind: 'items', items: [[inner]] } },
      {
        tag: 0x7fe00010,
        vr: 'OB',
        value: { kind: 'fragments', fragments: [new Uint8Array(0), Uint8Array.of(1, 2)] },
      },
    ];
    expect(readRawDataSet(encodeRawDataSet(elements, little), 0, little)).toEqual(elements);
    const un = Uint8Array.from([
      8, 0, 0x40, 0x11, 0x55, 0x4e, 0, 0, 0xff, 0xff, 0xff, 0xff, // (0008,1140) UN of undefined length
      0xfe, 0xff, 0x00, 0xe0, 0xff, 0xff, 0xff, 0xff, 8, 0, 0x70, 0, 2, 0, 0, 0, 0x61, 0x62, // implicit inside
      0xfe, 0xff, 0x0d, 0xe0, 0, 0, 0, 0, 0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0,
    ]); // prettier-ignore
    expect(readRawDataSet(un, 0, little)).toEqual([
      { tag: 0x00081140, vr: 'SQ', value: { kind: 'items', items: [[text(0x00080070, 'ab')]] } },
    ]);
  });

  it('is refused when an element runs past the end, at any cut', () => {
    const { bytes, syntax } = dataSetOf('explicit');
    const whole = readRawDataSet(bytes, 0, syntax);
    for (let end = 1; end < bytes.length; end += 7) {
      try {
        // What is read of a cut file is the beginning of the whole.
        expect(readRawDataSet(bytes.subarray(0, end), 0, syntax).length).toBeLessThan(whole.length);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }
  });

  it('is refused when its sequences are nested beyond reason', () => {
    const one = [8, 0, 0x40, 0x11, 0x53, 0x51, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xfe, 0xff, 0x00, 0xe0, 0xff, 0xff, 0xff, 0xff]; // prettier-ignore
    const deep = Uint8Array.from(Array.from({ length: 5000 }, () => one).flat());
    expect(() => readRawDataSet(deep, 0, little)).toThrow(RangeError);
  });
});
