import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { AppError } from '../../shared/appError.ts';
import { systemCode } from './toWriteError.ts';

/** SHA-256 of a file, hexadecimal; read piece by piece. Throws FILE_NOT_FOUND, FILE_UNREADABLE. */
export async function fileHash(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') throw new AppError('FILE_NOT_FOUND', { path }, { cause: error });
    if (code !== undefined) throw new AppError('FILE_UNREADABLE', { path, reason: code }, { cause: error });
    throw error;
  }
  return hash.digest('hex');
}
