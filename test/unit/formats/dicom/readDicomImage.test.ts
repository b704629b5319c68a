import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDicomImage } from '../../../../src-main/formats/dicom/readDicomImage.ts';
import { AppError } from '../../../../src-main/shared/appError.ts';
import { buildDicom, type BuiltSlice, type Encoding } from '../../../fixtures/dicomBuilder.ts';

const read = (slice: BuiltSlice) => readDicomImage(buildDicom(slice), 'a.dcm');
const values = (slice: BuiltSlice): number[] => [...read(slice).values];
const counted = Array.from({ length: 12 }, (_, at) => at);
const encodings: Encoding[] = ['implicit', 'explicit', 'bigEndian'];

function codeOf(body: () => unknown): string {
  try {
    body();
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return 'none';
}

describe.each(encodings)('%s', (encoding) => {
  it('reads values, geometry and identity', () => {
    const { header, values } = read({ encoding, position: [-1.5, 2, 3] });
    expect([...values]).toEqual(counted);
    expect(header).toMatchObject({
      modality: 'CT',
      rows: 3,
      columns: 4,
      imagePositionPatient: [-1.5, 2, 3],
      imageOrientationPatient: [1, 0, 0, 0, 1, 0],
      pixelSpacing: [2, 1],
      sopInstanceUid: '1.2.3.1',
      patientPosition: 'HFS',
    });
    expect(header.patient.patientName).toBe('Doe^Jane');
  });

  it.each(['withoutSyntax', 'none'] as const)('reads a file with meta information: %s', (meta) => {
    expect(values({ encoding, meta })).toEqual(counted);
    expect(values({ encoding, meta, preamble: false })).toEqual(counted);
  });

  it('reads signed values, sign-extended from the stored bits', () => {
    const stored = [-2048, -1, 0, 1, 2047, 5, 6, 7, 8, 9, 10, 11];
    const bits = { allocated: 16, stored: 12 } as const;
    expect(values({ encoding, signed: true, bits, stored })).toEqual(stored);
    expect(values({ encoding, signed: true, bits, stored: stored.map((value) => value & 0xfff) })).toEqual(
      stored,
    );
  });

  it('reads 8-bit pixels', () => {
    const slice: BuiltSlice = { encoding, bits: { allocated: 8, stored: 8 }, rows: 3, columns: 3 };
    expect(values({ ...slice, stored: [0, 1, 2, 128, 255, 5, 6, 7, 8] })).toEqual([
      0, 1, 2, 128, 255, 5, 6, 7, 8,
    ]);
  });
});

describe('values', () => {
  it('are slope times stored plus intercept', () => {
    expect(values({ rescale: ['2', '-1024'] })).toEqual(counted.map((value) => 2 * value - 1024));
    expect(values({ rescale: ['0.5', '1.25'] })).toEqual(counted.map((value) => 0.5 * value + 1.25));
  });

  it('drop overlay bits above the high bit', () => {
    const stored = counted.map((value) => value | 0xf000);
    expect(values({ bits: { allocated: 16, stored: 12 }, stored })).toEqual(counted);
  });

  it('are shifted down when the high bit is not the last stored one', () => {
    const stored = counted.map((value) => value << 4);
    expect(values({ bits: { allocated: 16, stored: 12, high: 15 }, stored })).toEqual(counted);
  });

  it('become -1024 HU where a CT is padded below air, and stay where padding means a plausible HU', () => {
    const padding = (value: number) => [{ tag: '00280120', vr: 'US', value }];
    const stored = [-2000, ...counted.slice(1)];
    expect(values({ signed: true, stored, rescale: ['1', '-1024'], extra: padding(-2000) })[0]).toBe(-1024);
    expect(values({ signed: true, stored, rescale: ['1', '-1024'] })[0]).toBe(-3024);
    expect(values({ extra: padding(0) })[0]).toBe(0);
    expect(values({ modality: 'MR', signed: true, stored, extra: padding(-2000) })[0]).toBe(-2000);
  });
});

describe('texts', () => {
  it.each([
    ['ISO_IR 192', [0xc3, 0xbc], 'ü'],
    ['ISO_IR 100', [0xfc, 0x20], 'ü'],
    ['ISO_IR 144', [0xb4, 0x20], 'Д'],
    ['\\ISO 2022 IR 87', [0x1b, 0x24, 0x42, 0x3b, 0x33, 0x1b, 0x28, 0x42], '山'],
    ['\\ISO 2022 IR 149', [0x1b, 0x24, 0x29, 0x43, 0xb1, 0xe8], '김'],
  ])('are decoded from %s', (characterSet, bytes, text) => {
    const extra = [
      { tag: '00080005', vr: 'CS', value: characterSet },
      { tag: '00100010', vr: 'PN', value: Uint8Array.from(bytes) },
    ];
    expect(read({ extra }).header.patient.patientName).toBe(text);
  });
});

describe('a file that cannot be read', () => {
  const without = (tag: string): BuiltSlice => ({ extra: [{ tag, value: undefined }] });
  it.each<[string, BuiltSlice]>([
    ['DICOM_NO_IMAGE', { modality: 'US' }],
    ['DICOM_TRUNCATED', without('7fe00010')],
    ['DICOM_UNSUPPORTED', without('00200032')],
    ['DICOM_UNSUPPORTED', without('00200037')],
    ['DICOM_UNSUPPORTED', without('00280030')],
    ['DICOM_UNSUPPORTED', { orientation: [1, 0, 0, 1, 0, 0] }],
    ['DICOM_UNSUPPORTED', { extra: [{ tag: '00280008', vr: 'IS', value: '2 ' }] }],
    ['DICOM_UNSUPPORTED', { extra: [{ tag: '00280002', vr: 'US', value: 3 }] }],
    ['DICOM_UNSUPPORTED', { extra: [{ tag: '00280100', vr: 'US', value: 32 }] }],
    ['DICOM_UNSUPPORTED', { rescale: ['0', '0'] }],
    ['VOLUME_EMPTY', { rows: 0, stored: [] }],
  ])('is refused with %s', (code, slice) => {
    expect(codeOf(() => read(slice))).toBe(code);
  });

  it('is called compressed by the name of its syntax', () => {
    const bytes = buildDicom({ meta: 'full' });
    const text = Buffer.from(bytes)
      .toString('latin1')
      .replace('1.2.840.10008.1.2.1\0', '1.2.840.10008.1.2.5\0');
    expect(() => readDicomImage(Buffer.from(text, 'latin1'), 'a.dcm')).toThrow(
      /RLE Lossless \(1\.2\.840\.10008\.1\.2\.5\)/,
    );
  });

  it('is not DICOM when it is something else', () => {
    expect(codeOf(() => readDicomImage(new Uint8Array(0), 'a'))).toBe('NOT_DICOM');
    expect(codeOf(() => readDicomImage(Buffer.from('hello world, no image here'), 'a'))).toBe('NOT_DICOM');
    expect(codeOf(() => readDicomImage(new Uint8Array(1000), 'a'))).toBe('NOT_DICOM');
  });
});

describe('a damaged file', () => {
  it('cut anywhere before its end is never read as an image', () => {
    for (const encoding of encodings) {
      const bytes = buildDicom({ encoding, rescale: ['1', '0'] });
      for (let length = 0; length < bytes.length; length++) {
        const code = codeOf(() => readDicomImage(bytes.subarray(0, length), 'a.dcm'));
        expect(
          ['NOT_DICOM', 'DICOM_TRUNCATED', 'DICOM_NO_IMAGE', 'DICOM_UNSUPPORTED', 'VOLUME_EMPTY'],
          `${encoding} ${length}`,
        ).toContain(code);
      }
      expect(codeOf(() => readDicomImage(bytes.subarray(0, bytes.length - 1), 'a.dcm'))).toBe(
        'DICOM_TRUNCATED',
      );
    }
  });

  it('with changed bytes is read or refused, and nothing else happens', () => {
    const change = fc.record({ at: fc.nat(), byte: fc.nat(255) });
    fc.assert(
      fc.property(
        fc.constantFrom(...encodings),
        fc.array(change, { minLength: 1, maxLength: 6 }),
        (encoding, changes) => {
          const bytes = buildDicom({ encoding, rescale: ['1', '-1024'] });
          for (const { at, byte } of changes) bytes[at % bytes.length] = byte;
          codeOf(() => readDicomImage(bytes, 'a.dcm'));
        },
      ),
      { numRuns: 3000, seed: 7 },
    );
  });

  it('of random bytes behind a preamble is refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (tail) => {
        const bytes = new Uint8Array(132 + tail.length);
        bytes.set(Buffer.from('DICM'), 128);
        bytes.set(tail, 132);
        expect(codeOf(() => readDicomImage(bytes, 'a.dcm'))).not.toBe('none');
      }),
      { numRuns: 1000, seed: 7 },
    );
  });
});
