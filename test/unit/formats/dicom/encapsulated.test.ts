/** Compressed images: fragments, decoders and what is refused before anything is decoded. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encapsulatedFrames } from '../../../../src-main/formats/dicom/encapsulatedFrames.ts';
import { openDataSet } from '../../../../src-main/formats/dicom/openDataSet.ts';
import { readDicomImage } from '../../../../src-main/formats/dicom/readDicomImage.ts';
import { AppError } from '../../../../src-main/shared/appError.ts';
import { buildDicom, type BuiltSlice } from '../../../fixtures/dicomBuilder.ts';

const htj2k = '1.2.840.10008.1.2.4.201';
const jpegLs = '1.2.840.10008.1.2.4.80';
const none = new Uint8Array();
const words = (...values: number[]): Uint8Array => new Uint8Array(Uint32Array.from(values).buffer);

interface Encoder {
  getDecodedBuffer(info: object): Uint8Array;
  setQuality(lossless: boolean, step: number): void;
  encode(): void;
  getEncodedBuffer(): Uint8Array;
  delete(): void;
}

/** Encodes signed or unsigned 16-bit values losslessly with the package that decodes them. */
async function encodeHtj2k(
  values: readonly number[],
  columns: number,
  isSigned: boolean,
  bits = 16,
): Promise<Uint8Array> {
  const { default: load } = await import('@cornerstonejs/codec-openjph/wasmjs');
  const module = (await load({ print: () => undefined, printErr: () => undefined })) as unknown as {
    HTJ2KEncoder: new () => Encoder;
  };
  const encoder = new module.HTJ2KEncoder();
  const info = {
    width: columns,
    height: values.length / columns,
    bitsPerSample: bits,
    componentCount: 1,
    isSigned,
    isUsingColorTransform: false,
  };
  encoder.getDecodedBuffer(info).set(new Uint8Array(Int16Array.from(values).buffer));
  encoder.setQuality(true, 0);
  encoder.encode();
  const bytes = encoder.getEncodedBuffer().slice();
  encoder.delete();
  return bytes.length % 2 === 0 ? bytes : Uint8Array.from([...bytes, 0]);
}

const read = async (slice: BuiltSlice): Promise<number[]> => [
  ...(await readDicomImage(buildDicom(slice), 'a.dcm')).values,
];
const size = { columns: 32, rows: 24 };
const values = Array.from({ length: 768 }, (_, at) => ((at * 37) % 4096) - 1000);

describe('a compressed image', () => {
  it('of HTJ2K reads as it was, signed and with its rescale', async () => {
    const stream = await encodeHtj2k(values, 32, true);
    const slice: BuiltSlice = {
      ...size,
      signed: true,
      rescale: ['2', '-10'],
      encapsulated: { syntax: htj2k, items: [none, stream] },
    };
    expect(await read(slice)).toEqual(values.map((value) => 2 * value - 10));
  });

  it('whose stream says unsigned where the image says signed has the image’s sign', async () => {
    const stream = await encodeHtj2k(
      values.map((value) => value & 0xfff),
      32,
      false,
      12,
    );
    const encapsulated = { syntax: htj2k, items: [none, stream] };
    const bits = { allocated: 16, stored: 12 } as const;
    const expected = values.map((value) => ((value & 0xfff) << 20) >> 20);
    expect(await read({ ...size, signed: true, bits, encapsulated })).toEqual(expected);
  });

  it('in several fragments is one frame', async () => {
    const stream = await encodeHtj2k(values, 32, true);
    const items = [none, stream.subarray(0, 100), stream.subarray(100)];
    expect(await read({ ...size, signed: true, encapsulated: { syntax: htj2k, items } })).toEqual(values);
  });

  it('is refused with words when it is cut, of another size, in colour, or no stream at all', async () => {
    const stream = await encodeHtj2k(values, 32, true);
    const of = (bytes: Uint8Array, change: BuiltSlice = {}): Promise<number[]> =>
      read({ ...size, signed: true, encapsulated: { syntax: htj2k, items: [none, bytes] }, ...change });
    await expect(of(stream.subarray(0, 200))).rejects.toMatchObject({ code: 'DICOM_TRUNCATED' });
    await expect(of(stream, { rows: 48 })).rejects.toThrow('it is 32×48 and its compressed pixels are 32×24');
    await expect(of(words(1, 2, 3))).rejects.toThrow('have no header');
    const colour = stream.slice();
    colour[41] = 3;
    await expect(of(colour)).rejects.toThrow('3 components');
    const deep = stream.slice();
    deep[42] = 0x80 | 19;
    await expect(of(deep)).rejects.toThrow('20 bits');
  });

  it('with changed bytes is read or refused, and nothing else happens', async () => {
    const stream = await encodeHtj2k(values, 32, true);
    const change = fc.record({ at: fc.nat(stream.length - 1), byte: fc.nat(255) });
    const syntaxes = [
      htj2k,
      jpegLs,
      '1.2.840.10008.1.2.4.90',
      '1.2.840.10008.1.2.4.70',
      '1.2.840.10008.1.2.4.51',
      '1.2.840.10008.1.2.5',
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...syntaxes),
        fc.array(change, { maxLength: 4 }),
        async (syntax, changes) => {
          const bytes = stream.slice();
          for (const { at, byte } of changes) bytes[at] = byte;
          try {
            await read({ ...size, signed: true, encapsulated: { syntax, items: [none, bytes] } });
          } catch (error) {
            if (!(error instanceof AppError)) throw error;
          }
        },
      ),
      { numRuns: 200, seed: 5 },
    );
  });
});

describe('encapsulatedFrames', () => {
  const frames = (items: readonly Uint8Array[], count: number): number[][] => {
    const bytes = buildDicom({ encapsulated: { syntax: jpegLs, items } });
    const { dataSet } = openDataSet(bytes, 'a');
    const start = dataSet.elements['x7fe00010']!.dataOffset;
    return encapsulatedFrames(bytes, start, count, 'a').map((frame) => [...frame]);
  };
  const [a, b, c] = [
    [0xff, 0xd8, 1, 1],
    [2, 2],
    [0xff, 0xd8, 3, 3],
  ];
  const items = [a, b, c].map((bytes) => Uint8Array.from(bytes));

  it.each([
    ['the offset table', words(0, 22)],
    ['how streams begin, without a table', none],
    ['how streams begin, when the table is wrong', words(0, 7)],
  ])('tells fragments of frames apart by %s', (_name, table) => {
    expect(frames([table, ...items], 2)).toEqual([[...a, ...b], c]);
  });

  it('takes one fragment per frame, and all fragments for one frame', () => {
    expect(frames([none, ...items], 3)).toEqual([a, b, c]);
    expect(frames([none, ...items], 1)).toEqual([[...a, ...b, ...c]]);
  });

  it('refuses fragments that make another number of frames, and items that are cut', () => {
    expect(() => frames([none, ...items], 4)).toThrow('its 3 fragments do not make 4 frames');
    const bytes = buildDicom({ encapsulated: { syntax: jpegLs, items: [none, ...items] } });
    const start = openDataSet(bytes, 'a').dataSet.elements['x7fe00010']!.dataOffset;
    for (let length = start; length < bytes.length; length++) {
      expect(() => encapsulatedFrames(bytes.subarray(0, length), start, 2, 'a')).toThrow(AppError);
    }
  });
});
