import { unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { filmPairs } from '../../../src-renderer/lib/filmPlanes.ts';
import { paintGrey, paintWeight, weightColour, weightShare } from '../../../src-renderer/lib/filmPaint.ts';
import { zipPictures } from '../../../src-renderer/lib/filmZip.ts';
import { encodeGif } from '../../../src-renderer/lib/gifEncode.ts';
import { readGif } from './readGif.ts';

const film = {
  slices: [
    { caseId: 'a', label: 'A', slice: 3 },
    { caseId: 'b', label: 'B', slice: 9 },
  ],
  size: [3, 2],
  spacingMm: [1, 1],
  epochs: [0],
  hasWeights: true,
  warmupEpochs: 0,
} as const;

describe('planes of a film', () => {
  test('each slice has its two planes, in the order of the file', () => {
    const body = Float32Array.from({ length: 24 }, (_, at) => at).buffer;
    const pairs = filmPairs(body, film);
    expect([...(pairs[0]?.second ?? [])]).toEqual([6, 7, 8, 9, 10, 11]);
    expect([...(pairs[1]?.first ?? [])]).toEqual([12, 13, 14, 15, 16, 17]);
  });

  test('a body of another length is refused', () => {
    expect(() => filmPairs(new ArrayBuffer(20), film)).toThrow('20 bytes where 96 are needed');
  });

  test('the window maps to black and white, and what lies beyond is clipped', () => {
    const pixels = paintGrey(Float32Array.of(-2000, -450, 300, 1050, 2000), [-450, 1050]);
    expect([0, 4, 8, 12, 16].map((at) => pixels[at])).toEqual([0, 0, 128, 255, 255]);
  });

  test('the average pixel lies in the middle of the weight colours; without a weight a pixel stays empty', () => {
    expect(weightShare(1)).toBe(0.5);
    expect(weightShare(0)).toBe(0);
    expect(weightShare(1e9)).toBeCloseTo(1, 6);
    const pixels = paintWeight(Float32Array.of(1, NaN));
    expect([...pixels.slice(0, 3)]).toEqual(weightColour(0.5).map(Math.round));
    expect(pixels[7]).toBe(0);
  });
});

describe('files of a film', () => {
  const frames = [
    [255, 0, 0],
    [0, 255, 0],
    [0, 0, 255],
  ].map((rgb) => new Uint8ClampedArray(Array.from({ length: 20 * 10 }, () => [...rgb, 255]).flat()));

  test('a GIF reads back with its size, frames, pace, repeat and colours', () => {
    const heard: number[] = [];
    const gif = readGif(
      encodeGif(frames, { width: 20, height: 10, delayMs: 250 }, (done) => heard.push(done)),
    );
    expect([gif.width, gif.height, gif.repeats]).toEqual([20, 10, true]);
    expect(gif.delaysMs).toEqual([250, 250, 250]);
    expect(heard).toEqual([1, 2, 3]);
    expect(gif.palette).toEqual(expect.arrayContaining([[255, 0, 0], [0, 255, 0], [0, 0, 255]])); // prettier-ignore
  });

  test('a ZIP holds a picture an epoch under its number, byte for byte', () => {
    const pictures = [0, 7, 12].map((epoch) => ({ epoch, png: Uint8Array.of(137, 80, 78, 71, epoch) }));
    const files = unzipSync(zipPictures(pictures));
    expect(Object.keys(files)).toEqual(['epoch-0000.png', 'epoch-0007.png', 'epoch-0012.png']);
    expect([...(files['epoch-0007.png'] ?? [])]).toEqual([137, 80, 78, 71, 7]);
  });
});
