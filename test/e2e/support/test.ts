/**
 * `test` for the specs: each gets a workspace of its own (empty, or a copy of one that `fillWorkspace` has filled), an `ilium serve` on
 * it and a page that is signed in. A console error, a page error or an unhandled rejection fails whatever test it happens in.
 */
import { test as base, expect, type Page } from 'playwright/test';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Shell } from '../pages/shell.ts';
import { fillWorkspace } from './fillWorkspace.ts';
import { preparedWorkspace } from './places.ts';
import { ServedApp } from './servedApp.ts';

interface Options {
  /** `empty`: nothing in it. `prepared`: a phantom study with an sCT, and a phantom cohort with a finished run. */
  workspaceKind: 'empty' | 'prepared';
}

interface Fixtures {
  served: ServedApp;
  /** The window, opened and ready. */
  shell: Shell;
}

export const test = base.extend<Options & Fixtures>({
  workspaceKind: ['empty', { option: true }],

  served: [
    async ({ workspaceKind }, use) => {
      const workspace = await mkdtemp(join(tmpdir(), 'ilium-e2e-'));
      if (workspaceKind === 'prepared') {
        await fillWorkspace();
        await cp(preparedWorkspace, workspace, { recursive: true });
      }
      const served = await ServedApp.start(workspace);
      await use(served);
      await served.close();
      await rm(workspace, { recursive: true, force: true });
      const complaints = served.stderr
        .replace('Stopping cleanly; press Ctrl-C again to end at once.', '')
        .trim();
      expect(complaints, 'the server must have nothing to complain about').toBe('');
    },
    // The first that needs a filled workspace waits for a training.
    { timeout: 240_000 },
  ],

  // The server is started before the page and ends after it.
  page: async ({ served: _served, page }, use) => {
    const complaints: string[] = [];
    watch(page, complaints);
    await use(page);
    expect(complaints, 'the console must stay free of errors').toEqual([]);
    await page.close();
  },

  shell: async ({ page, served }, use) => {
    const shell = new Shell(page);
    await page.goto(await served.newLink());
    await shell.ready();
    await use(shell);
  },
});

/** Unhandled rejections arrive as page errors. */
function watch(page: Page, complaints: string[]): void {
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => complaints.push(`page: ${error.stack ?? error.message}`));
  page.on('crash', () => complaints.push('the page crashed'));
}

export { expect };
