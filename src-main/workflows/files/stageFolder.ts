/**
 * Writes a whole folder all or nothing: it is filled under a hidden sibling name, flushed, and renamed into place. A process killed
 * in between leaves only the hidden name, which the next call for the same parent folder sweeps away.
 */
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { AppError } from '../../shared/appError.ts';
import { syncFile, syncFolder, syncParent } from './syncPath.ts';
import { sweepPartials, temporaryName } from './temporaryName.ts';
import { systemCode, toWriteError } from './toWriteError.ts';

/**
 * Calls `fill` with an empty folder to write into and makes it `target` when `fill` returns, whose value is passed on.
 * Throws OUTPUT_EXISTS when `target` holds anything already (an empty folder is taken over), DISK_FULL, WRITE_FAILED, and
 * whatever `fill` throws; then `target` is as it was before.
 */
export async function stageFolder<T>(target: string, fill: (folder: string) => Promise<T>): Promise<T> {
  const path = resolve(target);
  const staged = temporaryName(path);
  try {
    await mkdir(dirname(path), { recursive: true });
    await sweepPartials(dirname(path));
    await refuseOccupied(path, target);
    await mkdir(staged);
    try {
      const result = await fill(staged);
      await syncTree(staged);
      await replaceEmpty(staged, path, target);
      await syncParent(path);
      return result;
    } catch (error) {
      await rm(staged, { recursive: true, force: true });
      throw error;
    }
  } catch (error) {
    throw toWriteError(error, target);
  }
}

async function refuseOccupied(path: string, shown: string): Promise<void> {
  try {
    if ((await readdir(path)).length > 0) throw new AppError('OUTPUT_EXISTS', { path: shown });
  } catch (error) {
    const code = systemCode(error);
    if (error instanceof AppError || (code !== 'ENOENT' && code !== 'ENOTDIR')) throw error;
    if (code === 'ENOTDIR') throw new AppError('OUTPUT_EXISTS', { path: shown });
  }
}

/** POSIX renames over an empty folder; Windows does not, so it is removed first there. Losing a race is OUTPUT_EXISTS. */
async function replaceEmpty(staged: string, path: string, shown: string): Promise<void> {
  try {
    if (process.platform === 'win32') await rm(path, { recursive: false, force: true });
    await rename(staged, path);
  } catch (error) {
    const code = systemCode(error) ?? '';
    if (['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(code))
      throw new AppError('OUTPUT_EXISTS', { path: shown });
    throw error;
  }
}

async function syncTree(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await syncTree(path);
    else await syncFile(path);
  }
  await syncFolder(folder);
}
