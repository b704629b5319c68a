import { AppError } from '../../shared/appError.ts';
import type { Finding } from '../../shared/finding.ts';

/** Errors that say "this is something else", not "this is broken". */
const harmless: ReadonlySet<string> = new Set(['UNKNOWN_FORMAT', 'DICOM_NO_IMAGE']);

/** An AppError about one file, as data. Anything else is a programming fault and is thrown on. */
export function errorFinding(error: unknown, path: string): Finding {
  if (!(error instanceof AppError)) throw error;
  const details = { error: error.code, reason: error.message };
  return harmless.has(error.code)
    ? { code: 'file-skipped', severity: 'info', subject: path, details }
    : { code: 'file-failed', severity: 'error', subject: path, details };
}
