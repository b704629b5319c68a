/**
 * One HTTP request to a DICOMweb service. Over TLS the certificate is checked before a single byte is sent: against the system's
 * authorities, those of a file, or by its fingerprint. Redirects are not followed, since they would carry credentials elsewhere.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect as connectPlain, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { connect as connectTls } from 'node:tls';
import { AppError } from '../../../shared/appError.ts';
import { systemCode } from '../../../workflows/files/toWriteError.ts';
import type { WebNode } from '../pacsNode.ts';
import { toConnectionError } from '../pacsErrors.ts';

export interface WebRequest {
  readonly method: 'GET' | 'POST';
  /** Below the service's root, with query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body?: AsyncIterable<Uint8Array>;
  readonly signal?: AbortSignal | undefined;
}

/** Longest silence. */
const patienceMs = 60_000;
const connectPatienceMs = 10_000;

/**
 * Resolves with the answer of a good status, its body still to be read. `secret`: password or token. Throws PACS_UNREACHABLE,
 * PACS_REFUSED (401, 403, a certificate that is not the right one), PACS_TIMEOUT, PACS_FAILED (any other status), AbortError.
 */
export async function webRequest(
  node: WebNode,
  secret: string,
  wanted: WebRequest,
): Promise<IncomingMessage> {
  const { signal, method, headers, body, path } = wanted;
  try {
    signal?.throwIfAborted();
    const url = new URL(`${node.url.replace(/\/+$/, '')}/${path}`);
    const socket = await connect(node, url, signal);
    const request = httpRequest({
      createConnection: () => socket,
      method,
      host: url.hostname,
      path: `${url.pathname}${url.search}`,
      headers: { Host: url.host, ...headers, ...authorization(node, secret) },
      ...(signal ? { signal } : {}),
    });
    request.setTimeout(patienceMs, () => request.destroy(new AppError('PACS_TIMEOUT', { node: node.name })));
    // A connection that is torn down while the answer is read tells the request, too; whoever reads the answer says it.
    request.on('error', () => undefined);
    const answered = once(request, 'response') as Promise<[IncomingMessage]>;
    const sent = body ? pipeline(Readable.from(body), request) : void request.end();
    // A service may answer (and refuse) before it has read everything.
    sent?.catch(() => undefined);
    const [response] = await answered;
    const { statusCode = 0 } = response;
    if (statusCode >= 200 && statusCode < 300) return response;
    response.destroy();
    throw statusError(node.name, statusCode);
  } catch (error) {
    throw toConnectionError(error, node.name);
  }
}

function statusError(node: string, status: number): AppError {
  if (status === 401 || status === 403) {
    return new AppError('PACS_REFUSED', { node, reason: `it does not accept the sign-in (HTTP ${status})` });
  }
  return new AppError('PACS_FAILED', { node, reason: `it answers with HTTP ${status}` });
}

function authorization({ auth, user }: WebNode, secret: string): Record<string, string> {
  if (auth === 'bearer') return { Authorization: `Bearer ${secret}` };
  if (auth === 'basic') {
    return { Authorization: `Basic ${Buffer.from(`${user}:${secret}`, 'utf8').toString('base64')}` };
  }
  return {};
}

async function connect(node: WebNode, url: URL, signal: AbortSignal | undefined): Promise<Socket> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const timeout = AbortSignal.timeout(connectPatienceMs);
  const stop = signal ? AbortSignal.any([signal, timeout]) : timeout;
  const isSecure = url.protocol === 'https:';
  const port = Number(url.port || (isSecure ? 443 : 80));
  const socket = isSecure
    ? connectTls({
        host,
        port,
        // A pinned certificate is checked by itself below; otherwise an untrusted one ends the connection.
        rejectUnauthorized: node.fingerprint === '',
        ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
        ...(node.caFile === '' ? {} : { ca: await readAuthorities(node) }),
      })
    : connectPlain({ host, port });
  try {
    await once(socket, isSecure ? 'secureConnect' : 'connect', { signal: stop });
    if ('getPeerX509Certificate' in socket && node.fingerprint !== '') {
      const { raw } = socket.getPeerX509Certificate() ?? {};
      const actual = raw ? createHash('sha256').update(raw).digest('hex') : '';
      if (actual !== node.fingerprint.replaceAll(':', '').toLowerCase()) {
        const reason = 'its certificate is not the one that is expected';
        throw new AppError('PACS_REFUSED', { node: node.name, reason });
      }
    }
    return socket;
  } catch (error) {
    socket.destroy();
    if (timeout.aborted && !signal?.aborted) throw new AppError('PACS_TIMEOUT', { node: node.name });
    throw error;
  }
}

async function readAuthorities({ caFile }: WebNode): Promise<string> {
  try {
    return await readFile(caFile, 'utf8');
  } catch (error) {
    const reason = systemCode(error);
    if (reason === undefined) throw error;
    if (reason === 'ENOENT') throw new AppError('FILE_NOT_FOUND', { path: caFile }, { cause: error });
    throw new AppError('FILE_UNREADABLE', { path: caFile, reason }, { cause: error });
  }
}
