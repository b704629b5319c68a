import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, expect, test } from 'playwright/test';
import { findElectron } from '../../src-main/electron/findElectron.ts';
import { Shell } from './pages/shell.ts';
import { root } from './support/places.ts';

const executablePath = findElectron();
const hasDisplay =
  process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);

test('Electron opens one isolated window on its own scheme', async () => {
  test.skip(
    executablePath === undefined,
    'Electron’s program is not on this machine (npx --no install-electron)',
  );
  test.skip(!hasDisplay, 'There is no screen here.');
  const workspace = await mkdtemp(join(tmpdir(), 'ilium-electron-'));
  const app = await _electron.launch({
    executablePath: executablePath ?? '',
    args: [root, '--workspace', workspace, `--user-data-dir=${join(workspace, 'chromium')}`],
  });
  const page = await app.firstWindow();
  const shell = new Shell(page);
  await shell.ready();
  expect(page.url()).toBe('ilium://app/');
  expect(await page.evaluate(() => [typeof window, 'require' in window, 'process' in window])).toEqual([
    'object',
    false,
    false,
  ]);
  expect(app.windows()).toHaveLength(1);
  await shell.goByKeys('train');
  await app.close();
  await rm(workspace, { recursive: true, force: true });
});
