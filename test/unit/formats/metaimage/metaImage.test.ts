import fc from 'fast-check';
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { isMetaImage } from '../../../../src-main/formats/metaimage/metaHeader.ts';
import { metaImageDataFile, readMetaImage } from '../../../../src-main/formats/metaimage/readMetaImage.ts';
import { writeMetaImage } from '../../../../src-main/formats/metaimage/writeMetaImage.ts';
import { AppError } from '../../../../src-main/shared/appError.ts';
import type { Volume } from '../../../../src-main/shared/volume.ts';

const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
const data = Int16Array.from({ length: 12 }, (_, at) => at * 300 - 1024);
const volume: Volume = {
  grid: { size: [2, 3, 2], indexToLps: [c * 0.5, -s * 0.7, 0, 10, s * 0.5, c * 0.7, 0, -20, 0, 0, 2.5, 30] },
  data,
};

const raw = new Uint8Array(data.buffer);
const fields = {
  ObjectType: 'Image',
  NDims: '3',
  BinaryData: 'True',
  DimSize: '2 3 2',
  ElementType: 'MET_SHORT',
};

function file(
  changes: Readonly<Record<string, string | undefined>> = {},
  voxels: Uint8Array = raw,
): Uint8Array {
  const { ElementDataFile = 'LOCAL', ...rest } = { ...fields, ...changes };
  const all: Readonly<Record<string, string | undefined>> = { ...rest, ElementDataFile };
  const lines = Object.entries(all).filter(([, value]) => value !== undefined);
  const text = new TextEncoder().encode(lines.map(([key, value]) => `${key} = ${value}\n`).join(''));
  return new Uint8Array(Buffer.concat([text, voxels]));
}

describe('MetaImage', () => {
  it.each([false, true])('reads back what it wrote (compressed: %s)', (compressed) => {
    const bytes = writeMetaImage(volume, { compressed });
    expect(isMetaImage(bytes)).toBe(true);
    expect(metaImageDataFile(bytes, 'a.mha')).toBeUndefined();
    const back = readMetaImage(bytes, 'a.mha');
    expect(back.data).toEqual(data);
    expect(back.grid.size).toEqual([2, 3, 2]);
    back.grid.indexToLps.forEach((value, at) => expect(value).toBeCloseTo(volume.grid.indexToLps[at]!, 12));
  });

  it('takes row n of TransformMatrix as the direction of axis n', () => {
    const bytes = file({ TransformMatrix: '0 1 0 0 0 1 1 0 0', ElementSpacing: '2 3 4', Offset: '7 8 9' });
    expect(readMetaImage(bytes, 'a').grid.indexToLps).toEqual([0, 0, 4, 7, 2, 0, 0, 8, 0, 3, 0, 9]);
  });

  it('knows the older names of geometry fields and works without them', () => {
    const older = file({ Rotation: '1 0 0 0 -1 0 0 0 1', Position: '1 2 3', ElementSize: '2 2 5' });
    expect(readMetaImage(older, 'a').grid.indexToLps).toEqual([2, 0, 0, 1, 0, -2, 0, 2, 0, 0, 5, 3]);
    expect(readMetaImage(file(), 'a').grid.indexToLps).toEqual([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]);
  });

  it('is refused at once when its last line is blanks without an end', () => {
    const text = `NDims = 3\nElementDataFile =${' '.repeat(60_000)}x${' '.repeat(60_000)}`;
    const start = performance.now();
    expect(() => readMetaImage(new TextEncoder().encode(text), 'a.mha')).toThrow(AppError);
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it('reads big-endian voxels, Windows line ends and trailing dimensions of size 1', () => {
    const swapped = raw.slice();
    for (let at = 0; at < raw.length; at += 2) swapped.subarray(at, at + 2).reverse();
    const bytes = file({ BinaryDataByteOrderMSB: 'True', NDims: '4', DimSize: '2 3 2 1' }, swapped);
    expect(readMetaImage(bytes, 'a').data).toEqual(data);
    const windows = Buffer.concat([
      Buffer.from(Buffer.from(file({}, new Uint8Array())).toString().replaceAll('\n', '\r\n')),
      raw,
    ]);
    expect(readMetaImage(windows, 'a').data).toEqual(data);
  });

  it('reads voxels of a file beside it, after a header or at its end, compressed or not', () => {
    const beside = file({ ElementDataFile: 'a.raw' }, new Uint8Array());
    expect(metaImageDataFile(beside, 'a.mhd')).toBe('a.raw');
    expect(readMetaImage(beside, 'a.mhd', raw).data).toEqual(data);
    const padded = new Uint8Array([1, 2, 3, ...raw]);
    for (const HeaderSize of ['3', '-1']) {
      const header = file({ ElementDataFile: './a.raw', HeaderSize }, new Uint8Array());
      expect(readMetaImage(header, 'a.mhd', padded).data).toEqual(data);
    }
    const compressed = file({ ElementDataFile: 'a.zraw', CompressedData: 'True' }, new Uint8Array());
    expect(readMetaImage(compressed, 'a.mhd', deflateSync(raw)).data).toEqual(data);
  });

  it.each([
    ['METAIMAGE_INVALID', 'ElementDataFile', () => new TextEncoder().encode('NDims = 3\n')],
    ['METAIMAGE_INVALID', 'element type', () => file({ ElementType: 'MET_LONG' })],
    ['METAIMAGE_INVALID', 'channels', () => file({ ElementNumberOfChannels: '3' })],
    ['METAIMAGE_INVALID', 'as text', () => file({ BinaryData: 'False' })],
    ['METAIMAGE_INVALID', 'several files', () => file({ ElementDataFile: 'LIST' })],
    ['METAIMAGE_INVALID', 'another folder', () => file({ ElementDataFile: '../../etc/passwd' })],
    ['METAIMAGE_INVALID', 'not given', () => file({ ElementDataFile: 'a.raw' })],
    ['METAIMAGE_INVALID', 'ends too early', () => file({}, raw.subarray(1))],
    [
      'METAIMAGE_INVALID',
      'damaged',
      () => file({ CompressedData: 'True' }, deflateSync(raw).subarray(0, -5)),
    ],
    ['METAIMAGE_INVALID', 'grid', () => file({ ElementSpacing: '1 0 1' })],
    ['METAIMAGE_INVALID', '9 numbers', () => file({ TransformMatrix: '1 0 0' })],
    ['METAIMAGE_INVALID', 'no DimSize', () => file({ DimSize: undefined })],
    ['VOLUME_EMPTY', 'no voxels', () => file({ DimSize: '2 0 2' })],
    ['VOLUME_NOT_3D', '2 dimensions', () => file({ NDims: '2', DimSize: '4 3' })],
    ['VOLUME_NOT_3D', '2 volumes', () => file({ NDims: '4', DimSize: '2 3 1 2' })],
  ])('refuses with %s: %s', (code, reason, make) => {
    expect(() => readMetaImage(make(), 'bad.mha')).toThrow(reason);
    expect(() => readMetaImage(make(), 'bad.mha')).toThrow(expect.objectContaining({ code }));
  });

  it('is not fooled by other files', () => {
    expect(isMetaImage(raw)).toBe(false);
    expect(isMetaImage(new TextEncoder().encode('NDims of something else'))).toBe(false);
  });

  it('meets truncated and mutated files with an AppError or a volume', () => {
    const files = [writeMetaImage(volume), writeMetaImage(volume, { compressed: true })];
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        fc.nat(),
        fc.uint8Array({ minLength: 1, maxLength: 8 }),
        fc.boolean(),
        (whole, position, patch, cut) => {
          const at = position % whole.length;
          const bytes = cut ? whole.slice(0, at) : whole.slice();
          if (!cut) bytes.set(patch.subarray(0, whole.length - at), at);
          try {
            const { grid, data: voxels } = readMetaImage(bytes, 'mutated');
            expect(voxels.length).toBe(grid.size[0] * grid.size[1] * grid.size[2]);
          } catch (error) {
            expect(error).toBeInstanceOf(AppError);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});
