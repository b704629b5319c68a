import fc from 'fast-check';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { listZip, readZipEntry } from '../../../../src-main/formats/zip/readZip.ts';
import { AppError } from '../../../../src-main/shared/appError.ts';
import { memorySource } from '../../../fixtures/memorySource.ts';

const sourceOf = (bytes: Uint8Array) => memorySource(bytes, 'a.zip');
const text = 'a slice, a slice, another slice; '.repeat(900);
const archive = zipSync({
  'MR/one.dcm': [strToU8(text), { level: 9 }],
  'MR/two.dcm': [strToU8('stored'), { level: 0 }],
  'Bäume.txt': strToU8('ü'),
  empty: {},
});
const at = (signature: number, bytes: Uint8Array, nth = 0): number => {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  let seen = 0;
  for (let k = 0; k + 4 <= bytes.length; k++)
    if (view.getUint32(k, true) === signature && seen++ === nth) return k;
  throw new Error('not found');
};
const changed = (change: (view: DataView, bytes: Uint8Array) => void): Uint8Array => {
  const bytes = archive.slice();
  change(new DataView(bytes.buffer), bytes);
  return bytes;
};

describe('a zip archive', () => {
  it('lists its files, and gives each as it was packed', async () => {
    const source = sourceOf(archive);
    const entries = await listZip(source);
    expect(entries.map(({ name, size }) => [name, size])).toEqual([
      ['MR/one.dcm', text.length],
      ['MR/two.dcm', 6],
      ['Bäume.txt', 2],
    ]);
    const read = await Promise.all(entries.map((entry) => readZipEntry(source, entry)));
    expect(read.map((bytes) => new TextDecoder().decode(bytes))).toEqual([text, 'stored', 'ü']);
  });

  it('gives the beginning of a file without reading the rest', async () => {
    const noise = Uint8Array.from({ length: 400_000 }, (_, k) => (k * k * 7919) >>> 7);
    const source = sourceOf(zipSync({ a: noise }));
    const [entry] = await listZip(source);
    const before = source.taken();
    expect(await readZipEntry(source, entry!, 1000)).toEqual(noise.slice(0, 1000));
    expect(source.taken() - before).toBeLessThan(40_000);
  });

  it.each<[string, (view: DataView, bytes: Uint8Array) => void, RegExp]>([
    ['encrypted', (view, bytes) => view.setUint16(at(0x02014b50, bytes) + 8, 1, true), /encrypted/],
    [
      'packed by another method',
      (view, bytes) => view.setUint16(at(0x02014b50, bytes) + 10, 12, true),
      /method 12/,
    ],
    [
      'larger than it declares',
      (view, bytes) => view.setUint32(at(0x02014b50, bytes) + 24, 100, true),
      /checksum/,
    ],
    [
      'smaller than it declares',
      (view, bytes) => view.setUint32(at(0x02014b50, bytes) + 24, 9e6, true),
      /bytes came out/,
    ],
    ['damaged', (_view, bytes) => (bytes[60]! ^= 0xff), /a\.zip\/MR\/one\.dcm/],
    [
      'not where the archive says',
      (view, bytes) => view.setUint32(at(0x02014b50, bytes) + 42, 5, true),
      /does not lie where/,
    ],
  ])('refuses an entry that is %s', async (_name, change, message) => {
    const source = sourceOf(changed(change));
    const [entry] = await listZip(source);
    await expect(readZipEntry(source, entry!)).rejects.toThrow(message);
  });

  it('is refused when it is cut anywhere or no archive', async () => {
    for (let length = 0; length < archive.length; length += 7) {
      await expect(listZip(sourceOf(archive.slice(0, length)))).rejects.toMatchObject({
        code: 'ARCHIVE_INVALID',
      });
    }
  });

  it('with changed bytes is read or refused, and nothing else happens', async () => {
    const change = fc.record({ at: fc.nat(archive.length - 1), byte: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 5 }), async (changes) => {
        const source = sourceOf(
          changed((_view, bytes) => changes.forEach(({ at: k, byte }) => (bytes[k] = byte))),
        );
        try {
          for (const entry of await listZip(source)) if (entry.size < 1e7) await readZipEntry(source, entry);
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
        }
      }),
      { numRuns: 500, seed: 3 },
    );
  });
});
