/** Finds the files under what a person dropped or named. */
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AppError } from '../../shared/appError.ts';
import { systemCode } from '../../workflows/files/toWriteError.ts';

export interface CollectedFiles {
  /** Absolute, each once, folders depth-first by name. */
  readonly files: readonly string[];
  /** Places that are not there or not readable. */
  readonly problems: readonly { readonly path: string; readonly error: AppError }[];
}

/** Collects the files under `paths` (files or folders, recursively unless told; links are followed, each folder once). */
export async function collectFiles(
  paths: readonly string[],
  { recursive = true } = {},
): Promise<CollectedFiles> {
  const files = new Set<string>();
  const problems: { path: string; error: AppError }[] = [];
  const folders = new Set<string>();
  const visit = async (path: string, depth = 0): Promise<void> => {
    try {
      const info = await stat(path);
      if (!info.isDirectory()) {
        if (info.isFile()) files.add(path);
        return;
      }
      if (depth > 0 && !recursive) return;
      const real = await realpath(path);
      if (folders.has(real)) return;
      folders.add(real);
      for (const name of (await readdir(path)).sort(byName)) await visit(join(path, name), depth + 1);
    } catch (error) {
      problems.push({ path, error: collectError(error, path) });
    }
  };
  for (const path of paths) await visit(resolve(path));
  return { files: [...files], problems };
}

/** Numbers in names by value, so that slice 10 comes after slice 9. */
function byName(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

function collectError(error: unknown, path: string): AppError {
  const code = systemCode(error);
  if (code === undefined) throw error;
  if (code === 'ENOENT') return new AppError('FILE_NOT_FOUND', { path }, { cause: error });
  return new AppError('FILE_UNREADABLE', { path, reason: code }, { cause: error });
}
