import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { gunzip, gunzipBeginning, inflateTo, isGzip } from '../../../../src-main/formats/voxels/inflate.ts';

const noise = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, at) => (Math.imul(at + 1, 2654435761) >>> 13) & 0xff);
const join = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

describe('gunzip', () => {
  it('inflates one member of several chunks', () => {
    const raw = noise(3_000_000);
    expect(Buffer.compare((gunzip(gzipSync(raw)) as { bytes: Uint8Array }).bytes, raw)).toBe(0);
  });

  it('joins members, as block gzip writes them', () => {
    const parts = [noise(10), noise(1_500_000), noise(0), noise(777)];
    const inflated = gunzip(join(...parts.map((part) => gzipSync(part))));
    expect(Buffer.compare((inflated as { bytes: Uint8Array }).bytes, join(...parts))).toBe(0);
  });

  it.each([
    ['a flipped bit in the checksum', (gz: Uint8Array) => gz.with(gz.length - 7, gz.at(-7)! ^ 1)],
    ['a flipped bit in the data', (gz: Uint8Array) => gz.with(500, gz[500]! ^ 4)],
    ['a cut end', (gz: Uint8Array) => gz.slice(0, -20)],
    ['only a beginning', (gz: Uint8Array) => gz.slice(0, 12)],
    ['almost nothing', (gz: Uint8Array) => gz.slice(0, 2)],
  ])('reports %s as a problem', (_, damage) => {
    expect(gunzip(damage(gzipSync(noise(5000))))).toHaveProperty('problem');
  });

  it('shows the beginning of a stream that is cut', () => {
    const raw = noise(400_000);
    const beginning = gunzipBeginning(gzipSync(raw).subarray(0, 20_000));
    expect(beginning.length).toBeGreaterThan(1000);
    expect(Buffer.compare(beginning, raw.subarray(0, beginning.length))).toBe(0);
    expect(gunzipBeginning(Uint8Array.of(1, 2, 3)).length).toBe(0);
  });

  it('knows a gzip stream by its first bytes', () => {
    expect(isGzip(gzipSync(''))).toBe(true);
    expect(isGzip(deflateSync(''))).toBe(false);
  });
});

describe('inflateTo', () => {
  const raw = noise(20_000);

  it('inflates zlib and gzip streams of the expected length', () => {
    for (const compressed of [deflateSync(raw), gzipSync(raw)]) {
      expect(inflateTo(compressed, raw.length)).toEqual({ bytes: raw });
    }
  });

  it.each([
    ['a longer stream', deflateSync(noise(20_001))],
    ['a shorter stream', deflateSync(noise(19_999))],
    ['a longer gzip stream', gzipSync(noise(20_001))],
    ['a cut stream', deflateSync(raw).subarray(0, -9)],
    ['a wrong checksum', new Uint8Array(deflateSync(raw)).with(-1, 0xee)],
    ['far too few bytes for the length', deflateSync(noise(3))],
  ])('reports %s as a problem', (_, compressed) => {
    expect(inflateTo(compressed, raw.length)).toHaveProperty('problem');
  });
});
