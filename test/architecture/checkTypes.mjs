/** Type-checks the whole project, then the layers that must compile without DOM and Node types, then the end-to-end tests. Exits 1 on the first error. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const root = resolve(import.meta.dirname, '../..');
for (const project of ['tsconfig.json', 'test/architecture/tsconfig.pure.json', 'test/e2e/tsconfig.json']) {
  const { status } = spawnSync(process.execPath, [compiler, '-p', project], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}
