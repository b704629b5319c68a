/** Runs once before all tests: builds the window when it is stale, and forgets the workspace of an earlier run. */
import { execFileSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isBuildStale } from '../../../src-main/electron/isBuildStale.ts';
import { preparedWorkspace, root } from './places.ts';

export default async function prepare(): Promise<void> {
  if (await isBuildStale(root)) {
    const builder = join(root, 'node_modules/electron-vite/bin/electron-vite.js');
    execFileSync(process.execPath, [builder, 'build', '--logLevel', 'warn'], { cwd: root, stdio: 'inherit' });
  }
  if (!process.env['ILIUM_E2E_KEEP']) await rm(preparedWorkspace, { recursive: true, force: true });
}
