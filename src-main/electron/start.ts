/**
 * Opens the app: in Electron where its binary and a screen are there, else served on this machine for a browser. Nothing is fetched
 * that nobody asked for; what is built is built only when it is missing or older than its sources.
 */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { hasDisplay } from '../cli/openInViewer.ts';
import { findElectron } from './findElectron.ts';
import { isBuildStale } from './isBuildStale.ts';
import { planStart, type StartPlan } from './planStart.ts';

const root = resolve(import.meta.dirname, '../..');

/** Runs until the app is closed; returns the exit code. `argv`: `--dev`, and what Electron or `ilium serve` understands. */
export async function start(argv: readonly string[]): Promise<number> {
  const plan = planStart(argv, { electron: findElectron(), hasDisplay: hasDisplay() });
  for (const line of plan.notes) process.stdout.write(`${line}\n`);
  if (plan.needsBuild && (await isBuildStale(root))) {
    process.stdout.write('Building the window; this happens after changes only.\n');
    const code = await run(process.execPath, [
      packageProgram('electron-vite'),
      'build',
      '--logLevel',
      'warn',
    ]);
    if (code !== 0) return code;
  }
  return run(...commandOf(plan));
}

function commandOf({ host, arguments: given }: StartPlan): [program: string, args: readonly string[]] {
  switch (host.kind) {
    case 'electron':
      return [host.program, [root, ...given]];
    case 'electron-development':
      return [process.execPath, [packageProgram('electron-vite'), 'dev', '--', ...given]];
    case 'browser':
      return [process.execPath, [join(root, 'src-main/ilium.mjs'), 'serve', ...given]];
    case 'browser-development':
      return [
        process.execPath,
        [
          packageProgram('vite'),
          '--config',
          join(root, 'src-renderer/hotReload.config.js'),
          '--clearScreen',
          'false',
        ],
      ];
  }
}

/** The file behind a command of an installed package. */
function packageProgram(name: string): string {
  const require = createRequire(import.meta.url);
  const path = require.resolve(`${name}/package.json`);
  const { bin } = require(path) as { bin: string | Record<string, string> };
  return join(path, '..', typeof bin === 'string' ? bin : (bin[name] ?? ''));
}

/** Ctrl-C reaches the program too, which ends in its own order; this process waits for it. */
function run(program: string, args: readonly string[]): Promise<number> {
  return new Promise((resolveCode) => {
    const child = spawn(program, args, { cwd: root, stdio: 'inherit' });
    const wait = (): void => undefined;
    process.on('SIGINT', wait);
    const pass = (): void => void child.kill('SIGTERM');
    process.on('SIGTERM', pass);
    const end = (code: number): void => {
      process.off('SIGINT', wait);
      process.off('SIGTERM', pass);
      resolveCode(code);
    };
    child.on('error', ({ message }) => {
      process.stderr.write(`${program} could not be started: ${message}.\n`);
      end(1);
    });
    child.on('exit', (code) => end(code ?? 1));
  });
}
