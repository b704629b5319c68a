import { describe, expect, it } from 'vitest';
import { SlicePreview } from '../../../src-renderer/lib/slicePreview.ts';

const slice = (at: number, value: number) => ({
  slice: at,
  header: { width: 2, height: 2, indexToLps: [1, 0, 0, 5, 0, 1, 0, 6, 0, 0, 3, 10 + 3 * at] },
  hu: new Float32Array(4).fill(value),
});

describe('SlicePreview', () => {
  it('waits for two slices, then shows both where they belong', () => {
    const preview = new SlicePreview(5);
    expect(preview.add(slice(3, 40.4))).toEqual([]);
    expect(preview.add(slice(1, -7.6))).toEqual([3, 1]);
    const { volume } = preview;
    expect(volume!.indexToLps.map((value) => value + 0)).toEqual([1, 0, 0, 5, 0, 1, 0, 6, 0, 0, 3, 10]);
    expect([...volume!.data]).toEqual([-1024, -8, -1024, 40, -1024].flatMap((hu) => [hu, hu, hu, hu]));
  });

  it('takes further slices into the same volume and leaves out what does not belong', () => {
    const preview = new SlicePreview(3);
    preview.add(slice(0, 1));
    preview.add(slice(1, 2));
    const { volume } = preview;
    expect(preview.add(slice(2, 3))).toEqual([2]);
    expect(preview.add(slice(7, 3))).toEqual([]);
    expect(preview.volume).toBe(volume);
  });
});
