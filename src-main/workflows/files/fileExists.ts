import { access } from 'node:fs/promises';
import { systemCode } from './toWriteError.ts';

/** Whether there is a file or folder at `path`; faults other than absence throw. */
export async function fileExists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw error;
  }
}
