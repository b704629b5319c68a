import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import {
  createThumbnailCache,
  type ThumbnailCache,
} from '../../../../src-main/services/library/thumbnailCache.ts';

let cases: string;
let cache: ThumbnailCache;
const draw = vi.fn(() => Promise.resolve(Uint8Array.of(1, 2, 3)));
const kept = (): string[] => readdirSync(join(cases, 'a', 'cache'));

beforeEach(() => {
  cases = mkdtempSync(join(tmpdir(), 'ilium-thumbnails-'));
  mkdirSync(join(cases, 'a'));
  cache = createThumbnailCache(cases);
  draw.mockClear();
});
afterEach(() => rmSync(cases, { recursive: true, force: true }));

it('draws once, and finds the picture again in another session', async () => {
  expect(await cache('a', 'mr', '1', draw)).toEqual(Uint8Array.of(1, 2, 3));
  const again = await createThumbnailCache(cases)('a', 'mr', '1', draw);
  expect([...again]).toEqual([1, 2, 3]);
  expect(draw).toHaveBeenCalledOnce();
});

it('draws again when the volume has changed, and keeps one picture a volume', async () => {
  await cache('a', 'mr', '1', draw);
  await cache('a', 'mr', '2', draw);
  await cache('a', 'ct', '1', draw);
  expect(draw).toHaveBeenCalledTimes(3);
  expect(
    kept()
      .map((name) => name.split(' ')[1])
      .sort(),
  ).toEqual(['ct', 'mr']);
});

it('does not bring back the folder of a case that is gone', async () => {
  rmSync(join(cases, 'a'), { recursive: true });
  expect([...(await cache('a', 'mr', '1', draw))]).toEqual([1, 2, 3]);
  expect(existsSync(join(cases, 'a'))).toBe(false);
});

it('shows the picture where it cannot be kept', async () => {
  writeFileSync(join(cases, 'a', 'cache'), 'no folder');
  expect([...(await cache('a', 'mr', '1', draw))]).toEqual([1, 2, 3]);
});

it('keeps nothing of what could not be drawn', async () => {
  await expect(cache('a', 'mr', '1', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(existsSync(join(cases, 'a', 'cache'))).toBe(false);
});
