import { describe, expect, it } from 'vitest';
import { decodeRle } from '../../../../../src-main/formats/dicom/codecs/decodeRle.ts';

/** A frame of byte planes, each one segment. */
function frame(...segments: readonly (readonly number[])[]): Uint8Array {
  const head = new Uint32Array(16);
  head[0] = segments.length;
  let at = 64;
  segments.forEach((segment, k) => {
    head[1 + k] = at;
    at += segment.length;
  });
  return Uint8Array.from([...new Uint8Array(head.buffer), ...segments.flat()]);
}
const shape = { columns: 3, rows: 2, bitsAllocated: 16 } as const;

describe('decodeRle', () => {
  it('reads runs and literals, the high bytes first, and passes over no-operations', () => {
    const { words } = decodeRle(frame([251, 1], [128, 2, 10, 20, 30, 254, 7, 0]), shape);
    expect([...words]).toEqual([266, 276, 286, 263, 263, 263]);
  });

  it('reads 8-bit frames', () => {
    expect([...decodeRle(frame([251, 9]), { ...shape, bitsAllocated: 8 }).words]).toEqual([9, 9, 9, 9, 9, 9]);
  });

  it('refuses a segment that ends too early, too few segments and a size no stream can fill', () => {
    expect(() => decodeRle(frame([251, 1], [254, 2]), shape)).toThrow('3 of 6 bytes');
    expect(() => decodeRle(frame([251, 1]), shape)).toThrow('1 segments where 2');
    const huge = { columns: 65535, rows: 65535, bitsAllocated: 16 } as const;
    expect(() => decodeRle(frame([251, 1], [251, 1]), huge)).toThrow('too short');
  });
});
