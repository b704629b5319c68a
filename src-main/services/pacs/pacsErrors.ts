/** What a failed connection means to a person. */
import { AppError } from '../../shared/appError.ts';
import { oneLine } from '../../shared/oneLine.ts';
import { systemCode } from '../../workflows/files/toWriteError.ts';

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'it broke the connection off',
  EPIPE: 'it broke the connection off',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name is not known',
  ETIMEDOUT: 'it does not answer',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not trusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not trusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is not trusted',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};

/** A connection to `node` that could not be made or broke: PACS_UNREACHABLE. AppErrors and aborts come back as they are. */
export function toConnectionError(error: unknown, node: string): Error {
  if (error instanceof AppError || (error instanceof Error && error.name === 'AbortError')) return error;
  const reason = reasons[systemCode(error) ?? ''] ?? oneLine(error);
  return new AppError('PACS_UNREACHABLE', { node, reason }, { cause: error });
}
