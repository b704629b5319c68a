import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { argumentsOf } from '../../../src-main/electron/argumentsOf.ts';
import { findElectron } from '../../../src-main/electron/findElectron.ts';
import { isBuildStale } from '../../../src-main/electron/isBuildStale.ts';
import { planStart } from '../../../src-main/electron/planStart.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ilium-start-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** Writes a file that was changed `minute` minutes after some hour. */
async function put(path: string, minute: number, text = ''): Promise<void> {
  const full = join(folder, path);
  await mkdir(dirname(full), { recursive: true });
  await writeFile(full, text);
  const time = new Date(2026, 0, 1, 12, minute);
  for (let changed = full; changed !== folder; changed = dirname(changed)) await utimes(changed, time, time);
}

describe('which host opens the app', () => {
  const electron = '/somewhere/electron';

  it('is Electron where its program and a screen are there', () => {
    const plan = planStart(['--workspace', 'W'], { electron, hasDisplay: true });
    expect(plan).toEqual({
      host: { kind: 'electron', program: electron },
      arguments: ['--workspace', 'W'],
      needsBuild: true,
      notes: [],
    });
    expect(planStart(['--dev'], { electron, hasDisplay: true }).host.kind).toBe('electron-development');
  });

  it('is the browser without its program, in one line that says how to fetch it', () => {
    const plan = planStart(['--port', '8080'], { electron: undefined, hasDisplay: true });
    expect(plan.host.kind).toBe('browser');
    expect(plan.arguments).toEqual(['--open', '--port', '8080']);
    expect(plan.notes).toHaveLength(1);
    expect(plan.notes[0]).toContain('npx --no install-electron');
  });

  it('prints a link and opens nothing where there is no screen', () => {
    const plan = planStart([], { electron, hasDisplay: false });
    expect(plan.host.kind).toBe('browser');
    expect(plan.arguments).toEqual([]);
    expect(plan.notes.join()).toContain('no screen');
  });

  it('is the browser when that is asked for', () => {
    expect(planStart(['--browser'], { electron, hasDisplay: true })).toMatchObject({
      host: { kind: 'browser' },
      arguments: ['--open'],
      notes: [],
    });
  });

  it('reloads while developing without a build', () => {
    const plan = planStart(['--dev'], { electron: undefined, hasDisplay: true });
    expect(plan).toMatchObject({ host: { kind: 'browser-development' }, needsBuild: true });
  });
});

describe("Electron's program", () => {
  it('is found where the package has put it', async () => {
    await put('path.txt', 0, 'electron');
    await put('dist/electron', 0);
    expect(findElectron({ env: {}, packageDirectory: folder })).toBe(join(folder, 'dist', 'electron'));
  });

  it('is not there before it was fetched, nor after its folder was removed', async () => {
    expect(findElectron({ env: {}, packageDirectory: folder })).toBeUndefined();
    await put('path.txt', 0, 'electron');
    expect(findElectron({ env: {}, packageDirectory: folder })).toBeUndefined();
    expect(findElectron({ env: {}, packageDirectory: undefined })).toBeUndefined();
  });

  it('may lie elsewhere', async () => {
    await put('other/electron', 0);
    const env = { ELECTRON_OVERRIDE_DIST_PATH: join(folder, 'other') };
    expect(findElectron({ env, packageDirectory: folder })).toBe(join(folder, 'other', 'electron'));
  });
});

describe('the build', () => {
  const results = ['out/main/electron.js', 'out/preload/preload.cjs', 'out/renderer/index.html'];
  const buildAt = async (minute: number): Promise<void> => {
    for (const path of results) await put(path, minute);
  };

  it('is stale when a part is missing', async () => {
    await put('src-main/electron.ts', 1);
    expect(await isBuildStale(folder)).toBe(true);
    await buildAt(2);
    expect(await isBuildStale(folder)).toBe(false);
    await rm(join(folder, results[0]!));
    expect(await isBuildStale(folder)).toBe(true);
  });

  it.each(['src-renderer/components/Button.svelte', 'src-main/api/app.ts', 'resources/presets/quick.json'])(
    'is stale after %s has changed',
    async (path) => {
      await put(path, 1);
      await buildAt(2);
      expect(await isBuildStale(folder)).toBe(false);
      await put(path, 3);
      expect(await isBuildStale(folder)).toBe(true);
    },
  );

  it('is stale after a source was removed', async () => {
    await put('src-renderer/lib/a.ts', 1);
    await buildAt(2);
    await rm(join(folder, 'src-renderer/lib/a.ts'));
    expect(await isBuildStale(folder)).toBe(true);
  });

  it('does not mind new pictures for the README', async () => {
    await put('resources/presets/quick.json', 1);
    await buildAt(2);
    await put('resources/screenshots/bone.png', 3);
    const before = new Date(2026, 0, 1, 12, 1);
    await utimes(join(folder, 'resources'), before, before);
    expect(await isBuildStale(folder)).toBe(false);
  });
});

describe('what the app was started with', () => {
  it('is paths and a workspace, behind the program and, in development, the folder of the app', () => {
    expect(argumentsOf(['electron', '.', '--workspace', 'W', 'mr'], false, folder)).toEqual({
      workspace: join(folder, 'W'),
      paths: [join(folder, 'mr')],
    });
    expect(argumentsOf(['ilium', '--no-sandbox', join(folder, 'mr')], true, '/')).toEqual({
      paths: [join(folder, 'mr')],
    });
  });
});
