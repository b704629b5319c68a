import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { makeVolume } from '../../../src-renderer/lib/volume.ts';
import { SliceUploads } from '../../../src-renderer/vtk/sliceUploads.ts';

const volume = makeVolume(
  {
    size: [1, 1, 10],
    indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
    type: 'int16',
    unit: 'HU',
    typicalRange: [0, 1],
  },
  new ArrayBuffer(20),
);

/** An upload that takes `ms`. */
function uploading(ms: number) {
  const seen: [number, number][] = [];
  const uploads = new SliceUploads((_volume, from, to) => {
    seen.push([from, to]);
    vi.setSystemTime(Date.now() + ms);
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + ms);
  });
  return { seen, uploads };
}

beforeEach(() => void vi.useFakeTimers());

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it('gathers slices that come one after the other', () => {
  const { seen, uploads } = uploading(0);
  uploads.add(volume, 0, 1);
  uploads.add(volume, 1, 3);
  expect(seen).toEqual([]);
  vi.advanceTimersByTime(50);
  expect(seen).toEqual([[0, 3]]);
});

it('pauses four times as long as the last upload took, but not before the last slice', () => {
  const { seen, uploads } = uploading(1000);
  uploads.add(volume, 0, 1);
  vi.advanceTimersByTime(50);
  uploads.add(volume, 1, 2);
  vi.advanceTimersByTime(500);
  expect(seen).toEqual([[0, 1]]);
  uploads.add(volume, 2, 10);
  vi.advanceTimersByTime(1);
  expect(seen).toEqual([
    [0, 1],
    [1, 10],
  ]);
});

it('uploads nothing after its end', () => {
  const { seen, uploads } = uploading(0);
  uploads.add(volume, 0, 10);
  uploads.dispose();
  vi.advanceTimersByTime(100);
  expect(seen).toEqual([]);
});
