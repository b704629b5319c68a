// @vitest-environment jsdom
import { describe, expect, test } from 'vitest';
import type { Film as FilmBody } from '../../../src-main/api/contract/training.ts';
import { FrameCache } from '../../../src-renderer/lib/filmCache.ts';
import { Film, type FilmPlace } from '../../../src-renderer/state/film.svelte.ts';
import { manualDelay, settle } from './manualDelay.ts';

const plane = 6;

/** Every value of a body tells its epoch (1000 for the slices), slice and channel. */
const bodyOf = (epoch: number, slices: number): ArrayBuffer =>
  Float32Array.from({ length: slices * 2 * plane }, (_, at) => epoch * 10 + Math.floor(at / plane)).buffer;

function world() {
  const clock = manualDelay();
  const fetched: string[] = [];
  const remembered: FilmPlace[] = [];
  const said: string[] = [];
  const switches = { epochs: [0, 1, 2], broken: false };
  const film = new Film({
    film: async (): Promise<FilmBody> => ({
      slices: [
        { caseId: 'a', label: 'A', slice: 3 },
        { caseId: 'b', label: 'B', slice: 9 },
      ],
      size: [3, 2],
      spacingMm: [1, 1],
      epochs: switches.epochs,
      hasWeights: true,
      warmupEpochs: 1,
    }),
    bytes: async (path) => {
      fetched.push(path.replace('/api/runs/r/film/', ''));
      if (switches.broken) throw new Error('gone');
      return bodyOf(path.endsWith('slices') ? 1000 : Number(path.split('/').at(-1)), 2);
    },
    fail: (_error, what) => said.push(what),
    delay: clock.delay,
    remember: (place) => remembered.push(place),
  });
  return { film, clock, fetched, remembered, said, switches };
}

describe('the film of a run', () => {
  test('opens at the newest epoch and follows new ones', async () => {
    const { film, switches } = world();
    await film.open('r');
    expect(film.view?.epoch).toBe(2);
    expect([film.view?.mr[0], film.view?.ct[0], film.view?.weight[0], film.view?.sct[0]]).toEqual([10_000, 10_001, 20, 21]); // prettier-ignore
    switches.epochs = [0, 1, 2, 3];
    await film.refresh();
    expect(film.view?.epoch).toBe(3);
  });

  test('says of the warm-up’s maps that nothing was weighed by then', async () => {
    const { film } = world();
    await film.open('r');
    expect(film.isWarmup).toBe(false);
    await film.seek(1);
    expect(film.isWarmup).toBe(true);
  });

  test('a person who looks at an older epoch is left there', async () => {
    const { film, switches } = world();
    await film.open('r');
    await film.seek(1);
    switches.epochs = [0, 1, 2, 3];
    await film.refresh();
    expect([film.view?.epoch, film.place, film.newest]).toEqual([1, 1, 3]);
  });

  test('plays every epoch at its speed and stops at the end', async () => {
    const { film, clock } = world();
    await film.open('r');
    film.speed = 2;
    film.play();
    await settle();
    expect(film.view?.epoch).toBe(0);
    await clock.pass(499);
    expect(film.view?.epoch).toBe(0);
    await clock.pass(1);
    expect(film.view?.epoch).toBe(1);
    await clock.pass(500);
    expect([film.view?.epoch, film.playing]).toEqual([2, true]);
    await clock.pass(500);
    expect(film.playing).toBe(false);
  });

  test('a frame that was seen is not fetched again', async () => {
    const { film, fetched } = world();
    await film.open('r');
    await film.seek(0);
    await film.seek(2);
    await film.seek(0);
    film.chooseSlice(1);
    expect(fetched).toEqual(['slices', '2', '0']);
    expect(film.view?.weight[0]).toBe(2);
  });

  test('its place is remembered and found again', async () => {
    const { film, remembered } = world();
    await film.open('r');
    await film.seek(1);
    film.chooseSlice(1);
    const place = remembered.at(-1) ?? null;
    expect(place).toEqual({ run: 'r', epoch: 1, slice: 1 });
    const later = world();
    await later.film.open('r', place);
    expect([later.film.view?.epoch, later.film.slice]).toEqual([1, 1]);
    await later.film.seek(2);
    expect(later.remembered.at(-1)).toEqual({ run: 'r', epoch: null, slice: 1 });
  });

  test('a frame that cannot be read is said, and the one shown stays', async () => {
    const { film, switches, said } = world();
    await film.open('r');
    switches.broken = true;
    await film.seek(0);
    expect(said).toHaveLength(1);
    expect([film.view?.epoch, film.loading, film.playing]).toEqual([2, false, false]);
  });

  test('gives the export every epoch of the chosen slice in order', async () => {
    const { film } = world();
    await film.open('r');
    film.chooseSlice(1);
    const heard: number[] = [];
    const frames = await film.frames((done) => heard.push(done), new AbortController().signal);
    expect(frames.map(({ epoch, sct }) => [epoch, sct[0]])).toEqual([[0, 3], [1, 13], [2, 23]]); // prettier-ignore
    expect(heard).toEqual([1, 2, 3]);
  });
});

describe('frames kept', () => {
  const frame = (bytes: number) => {
    const values = new Float32Array(bytes / 4);
    return [{ first: values, second: values }];
  };

  test('the one unused for longest goes first', async () => {
    const cache = new FrameCache(300);
    for (const epoch of [1, 2, 3]) await cache.get(epoch, async () => frame(100));
    await cache.get(1, async () => frame(100));
    await cache.get(4, async () => frame(100));
    expect([1, 2, 3, 4].map((epoch) => cache.has(epoch))).toEqual([true, false, true, true]);
  });

  test('a fetch that failed is tried again', async () => {
    const cache = new FrameCache();
    await expect(cache.get(1, async () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
    await expect(cache.get(1, async () => frame(4))).resolves.toHaveLength(1);
  });
});
