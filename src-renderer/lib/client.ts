/** Requests to the application behind the window. Everything that is refused or unreachable is thrown as a `ClientError`. */
import type { ErrorBody } from '../../src-main/api/contract/session.ts';
import type { VolumeHeader } from '../../src-main/api/contract/volumes.ts';
import { readBytes, type TransferOptions } from './readBytes.ts';
import { makeVolume, type LoadedVolume } from './volume.ts';

type Details = ErrorBody['error']['details'];

/** A request that failed: `code` and `details` are translated, `message` is the English text. `SERVER_GONE`: no answer at all. */
export class ClientError extends Error {
  readonly code: string;
  readonly details: Details;
  readonly status: number;

  constructor(error: ErrorBody['error'], status: number) {
    super(error.message);
    this.name = 'ClientError';
    this.code = error.code;
    this.details = error.details;
    this.status = status;
  }
}

/** Whether an error only says that the person or the window stopped waiting. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

/** How an answer's body becomes a value; JSON as it is when absent. The window trusts its own application, typed by the contract. */
type Read<T> = (body: unknown) => T;

async function refusal(response: Response): Promise<ClientError> {
  const text = await response.text();
  try {
    const body = JSON.parse(text) as ErrorBody;
    return new ClientError(body.error, response.status);
  } catch {
    return new ClientError(
      { code: 'INTERNAL', message: `The server answered ${String(response.status)}.`, details: {} },
      response.status,
    );
  }
}

/** Sends a request and returns the answer once its status is good. */
export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { credentials: 'same-origin', ...init });
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new ClientError({ code: 'SERVER_GONE', message: 'Ilium does not answer.', details: {} }, 0);
  }
  if (!response.ok) throw await refusal(response);
  return response;
}

async function json<T>(path: string, init: RequestInit, read: Read<T> = (body) => body as T): Promise<T> {
  const response = await request(path, init);
  return read(response.status === 204 ? undefined : await response.json());
}

function withBody(method: 'POST' | 'PUT', body: unknown): RequestInit {
  return body === undefined
    ? { method }
    : { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

export const client = {
  get: <T>(path: string, read?: Read<T>): Promise<T> => json<T>(path, {}, read),
  post: <T>(path: string, body?: unknown, read?: Read<T>): Promise<T> =>
    json<T>(path, withBody('POST', body), read),
  put: <T>(path: string, body: unknown, read?: Read<T>): Promise<T> =>
    json<T>(path, withBody('PUT', body), read),

  async remove(path: string): Promise<void> {
    await request(path, { method: 'DELETE' });
  },

  /** An answer's bytes and its headers; `onProgress` hears bytes so far and all bytes (null when the server does not say). */
  async bytes(
    path: string,
    options: TransferOptions = {},
  ): Promise<{ bytes: ArrayBuffer; headers: Headers }> {
    const response = await request(path, options.signal ? { signal: options.signal } : {});
    return { bytes: await readBytes(response, options), headers: response.headers };
  },

  /** One volume of a case (`mr`, `ct`, `mask`, `weight` or an sCT's id) in the type it is stored in. */
  async volume(caseId: string, name: string, options: TransferOptions = {}): Promise<LoadedVolume> {
    const path = `/api/cases/${encodeURIComponent(caseId)}/volumes/${encodeURIComponent(name)}`;
    const { bytes, headers } = await client.bytes(path, options);
    const header = JSON.parse(headers.get('Ilium-Volume') ?? 'null') as VolumeHeader | null;
    if (!header) {
      throw new ClientError(
        { code: 'INTERNAL', message: 'A volume came without a header.', details: {} },
        500,
      );
    }
    return makeVolume(header, bytes);
  },
};
