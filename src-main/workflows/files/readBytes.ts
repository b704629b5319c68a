import { readFile } from 'node:fs/promises';
import { AppError } from '../../shared/appError.ts';
import { systemCode } from './toWriteError.ts';

/** A whole file. Throws FILE_NOT_FOUND or FILE_UNREADABLE (with the system's reason). */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') throw new AppError('FILE_NOT_FOUND', { path }, { cause: error });
    if (code !== undefined) throw new AppError('FILE_UNREADABLE', { path, reason: code }, { cause: error });
    throw error;
  }
}
