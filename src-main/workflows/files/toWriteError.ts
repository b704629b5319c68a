/** What a failed write means to a person. */
import { AppError } from '../../shared/appError.ts';

/** The system's error code (`ENOENT` and the like) of anything thrown, if it has one. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/**
 * Maps a system error met while writing `path` to DISK_FULL or WRITE_FAILED. AppErrors and programming faults (anything without a
 * system code) come back unchanged, to be thrown again.
 */
export function toWriteError(error: unknown, path: string): unknown {
  const code = systemCode(error);
  if (
    error instanceof AppError ||
    code === undefined ||
    !/^E[A-Z0-9]+$/.test(code) ||
    code.startsWith('ERR_')
  ) {
    return error;
  }
  if (code === 'ENOSPC' || code === 'EDQUOT') return new AppError('DISK_FULL', { path }, { cause: error });
  return new AppError('WRITE_FAILED', { path, reason: code }, { cause: error });
}
