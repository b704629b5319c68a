/** Errors → `ErrorBody` and a status, by one table. */
import type { Context } from 'hono';
import type { ErrorCode } from '../shared/errorCatalogue.ts';
import { errorCatalogue } from '../shared/errorCatalogue.ts';
import { toAppError } from '../shared/toAppError.ts';
import type { ErrorBody } from './contract/session.ts';

type ErrorStatus = 400 | 401 | 403 | 404 | 409 | 413 | 422 | 500 | 507;

/** Where input that cannot be used (exit code 2) is more than 422 and a failure of ours more than 500. */
const statuses: Partial<Record<ErrorCode, ErrorStatus>> = {
  BAD_USAGE: 400,
  BAD_REQUEST: 400,
  LINK_USED: 401,
  SESSION_NEEDED: 401,
  REQUEST_REFUSED: 403,
  REQUEST_TOO_LARGE: 413,
  ROUTE_NOT_FOUND: 404,
  FILE_NOT_FOUND: 404,
  CASE_NOT_FOUND: 404,
  RUN_NOT_FOUND: 404,
  COMPARISON_NOT_FOUND: 404,
  MODEL_NOT_FOUND: 404,
  JOB_NOT_FOUND: 404,
  UPLOAD_NOT_FOUND: 404,
  SCT_NOT_FOUND: 404,
  PLAN_EXPIRED: 409,
  OUTPUT_EXISTS: 409,
  JOB_BUSY: 409,
  LOCKED_ELSEWHERE: 409,
  DISK_FULL: 507,
};

export function statusOf(code: ErrorCode): ErrorStatus {
  return statuses[code] ?? (errorCatalogue[code].exitCode === 2 ? 422 : 500);
}

/** The answer to a request that failed. Never a stack; what was no AppError is INTERNAL. */
export function errorResponse(error: unknown, context: Context): Response {
  const { code, message, details, cause } = toAppError(error);
  if (code === 'INTERNAL' && process.env['ILIUM_DEBUG'] && cause instanceof Error)
    process.stderr.write(`${cause.stack ?? cause.message}\n`);
  return context.json<ErrorBody>({ error: { code, message, details } }, statusOf(code));
}
