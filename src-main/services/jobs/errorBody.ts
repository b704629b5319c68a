import type { ErrorBody } from '../../api/contract/session.ts';
import { toAppError } from '../../shared/toAppError.ts';

/** An error as the window is told of it: code, details and English text, never a stack. */
export function errorBody(error: unknown): ErrorBody['error'] {
  const { code, message, details } = toAppError(error);
  return { code, message, details };
}
