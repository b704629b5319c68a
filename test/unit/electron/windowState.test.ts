import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  keepWindowState,
  readWindowState,
  withRecentPaths,
  type WindowState,
} from '../../../src-main/electron/windowState.ts';

let folder: string;
const fresh: WindowState = { schemaVersion: 1, bounds: null, maximized: false, recentPaths: [] };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ilium-window-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

it('reads back what was kept', async () => {
  const path = join(folder, 'window.json');
  const bounds = { x: 1, y: 2, width: 1200, height: 800 };
  const window = { getNormalBounds: () => bounds, isMaximized: () => true };
  await keepWindowState(path, { ...fresh, recentPaths: ['/a'] }, window);
  expect(await readWindowState(path)).toEqual({
    schemaVersion: 1,
    bounds,
    maximized: true,
    recentPaths: ['/a'],
  });
});

it('is as on the first start when the file is missing or damaged', async () => {
  const path = join(folder, 'window.json');
  expect(await readWindowState(path)).toEqual(fresh);
  await writeFile(path, '{"schemaVersion":1,"bounds":{"x":0');
  expect(await readWindowState(path)).toEqual(fresh);
});

it('lets the program end when its place cannot be kept', async () => {
  const file = join(folder, 'file');
  await writeFile(file, '');
  const window = {
    getNormalBounds: () => ({ x: 0, y: 0, width: 1200, height: 800 }),
    isMaximized: () => false,
  };
  await expect(keepWindowState(join(file, 'window.json'), fresh, window)).resolves.toBeUndefined();
});

it('keeps the ten newest paths, each once', () => {
  const many = Array.from({ length: 12 }, (_, index) => `/${index}`);
  const state = withRecentPaths(withRecentPaths(fresh, many), ['/5']);
  expect(state.recentPaths).toHaveLength(10);
  expect(state.recentPaths.slice(0, 3)).toEqual(['/5', '/0', '/1']);
});
