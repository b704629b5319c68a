import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'playwright/test';
import { noteFigure } from './support/figures.ts';
import { root } from './support/places.ts';

/** Runs `body` with modules of the built program, as the window's process would have them, and parses what it prints. */
function inBuild(body: string): unknown {
  const at = (path: string): string => pathToFileURL(join(root, 'out/main', path)).href;
  const script = body.replaceAll(
    /load\('(.+?)'\)/g,
    (_whole, path: string) => `(await import('${at(path)}'))`,
  );
  const out = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' });
  return JSON.parse(out.trim().split('\n').at(-1) ?? '');
}

test('the built worker runs jobs, with the resources it needs', async () => {
  const workspace = await mkdtemp(join(tmpdir(), 'ilium-built-'));
  const result = inBuild(`
    const { createServices } = load('services/createServices.js');
    const services = await createServices({
      workspaceDirectory: ${JSON.stringify(workspace)},
      host: { host: 'electron', canOpenPaths: true },
    });
    const { jobId } = await services.jobCenter.start({ kind: 'phantom-study' });
    const { status, error } = await services.jobCenter.finished(jobId);
    const models = await services.models.list();
    await services.close();
    console.log(JSON.stringify({ status, error, models: models.map(({ origin, problem }) => [origin, problem]) }));
  `);
  await rm(workspace, { recursive: true, force: true });
  expect(result).toMatchObject({ status: 'done', error: null });
  expect((result as { models: unknown[] }).models.flat()).toContain('bundled');
});

test('the built program tries a device in a process of its own', () => {
  const result = inBuild(`
    const { probeProvider } = load('tensor/executors/probe/probeProvider.js');
    console.log(JSON.stringify(await probeProvider('cpu')));
  `);
  expect(result).toMatchObject({ status: 'ran', difference: 0 });
});

test('the window stays small', async () => {
  const info = test.info();
  const assets = join(root, 'out/renderer/assets');
  const packed = { js: 0, css: 0 };
  for (const name of await readdir(assets)) {
    const kind = name.endsWith('.js') ? 'js' : 'css';
    packed[kind] += gzipSync(await readFile(join(assets, name))).byteLength / 1024;
  }
  const on = 'all desks, vtk.js included';
  noteFigure(info, { name: 'scripts of the window, gzipped', value: packed.js, unit: 'KiB', on });
  noteFigure(info, { name: 'styles of the window, gzipped', value: packed.css, unit: 'KiB', on });
  expect(packed.js).toBeLessThan(1024);
});
