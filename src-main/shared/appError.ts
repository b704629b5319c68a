/**
 * Errors a person can act on. Every one has a stable code from `errorCatalogue`; its text lives in `resources/locales`, one
 * line each, with `{name}` places filled from `details`. Programming faults are ordinary Errors and are not caught.
 */
import { errorCatalogue, type ErrorCode } from './errorCatalogue.ts';
import { formatMessage } from './messages.ts';

export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, string | number>>;

  constructor(code: ErrorCode, details: Readonly<Record<string, string | number>> = {}, options?: ErrorOptions) {
    super(formatMessage(`errors.${code}`, details), options);
    this.name = 'AppError';
    this.code = code;
    this.details = details;
  }

  /** The exit code of the command line: 2 for input or usage, 1 for a failure of ours or of the machine. */
  get exitCode(): 1 | 2 {
    return errorCatalogue[this.code].exitCode;
  }
}
