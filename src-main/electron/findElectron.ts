/** Where Electron's binary is, without fetching it: asking the `electron` package for it would download it. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder of the `electron` package; undefined when it is not installed. */
  readonly packageDirectory: string | undefined;
}

/** The path of the program; undefined when it is not on this machine. */
export function findElectron(
  { env, packageDirectory }: Surroundings = { env: process.env, packageDirectory: electronPackage() },
): string | undefined {
  if (packageDirectory === undefined) return undefined;
  const pathFile = join(packageDirectory, 'path.txt');
  const override = env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (!override && !existsSync(pathFile)) return undefined;
  const program = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : 'electron';
  const path = join(override || join(packageDirectory, 'dist'), program);
  return existsSync(path) ? path : undefined;
}

function electronPackage(): string | undefined {
  try {
    return dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  } catch {
    return undefined;
  }
}
