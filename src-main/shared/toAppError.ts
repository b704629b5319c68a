/** Turns whatever was thrown into an AppError, at the boundary of the command line, a job or a route. */
import { AppError } from './appError.ts';
import { oneLine } from './oneLine.ts';

interface SystemError extends Error {
  readonly code: string;
  readonly path?: string;
}

function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}

/** An AppError as it is; a full disk as DISK_FULL; anything else, a fault of ours, as INTERNAL with its message. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (isSystemError(error) && error.code === 'ENOSPC') {
    return new AppError('DISK_FULL', { path: error.path ?? 'a file' }, { cause: error });
  }
  return new AppError('INTERNAL', { reason: oneLine(error) }, { cause: error });
}
