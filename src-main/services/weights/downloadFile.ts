/**
 * Downloads a file by HTTP, going on where an earlier attempt broke off (Range, RFC 9110 §14): what has arrived stays in the target, and
 * only the rest is asked for. It starts over where the server ignores the range or cannot go on from there. What arrived is worth nothing
 * until its digest is checked, and a target belongs to one download at a time: the caller sees to that.
 */
import { createWriteStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { oneLine } from '../../shared/oneLine.ts';
import type { OnProgress } from '../../shared/progress.ts';
import { systemCode, toWriteError } from '../../workflows/files/toWriteError.ts';

export interface DownloadOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/** Why a download failed; the caller adds what can be done. */
export class DownloadProblem extends Error {}

/** A cut connection is taken up again as long as each attempt brings something, and this often when it does not. */
const fruitlessAttempts = 3;

/** Downloads `url` into `target`. Throws a DownloadProblem, DISK_FULL, WRITE_FAILED, or the signal's reason; what arrived is kept. */
export async function downloadFile(
  url: string,
  target: string,
  options: DownloadOptions = {},
): Promise<void> {
  for (let fruitless = 0; ;) {
    const before = await sizeOf(target);
    try {
      await attempt(url, target, before, options);
      return;
    } catch (error) {
      options.signal?.throwIfAborted();
      const problem = toProblem(error, target);
      fruitless = (await sizeOf(target)) > before ? 0 : fruitless + 1;
      if (!(problem instanceof CutConnection) || fruitless >= fruitlessAttempts) throw problem;
    }
  }
}

class CutConnection extends DownloadProblem {}

async function attempt(url: string, target: string, have: number, options: DownloadOptions): Promise<void> {
  const { signal, onProgress } = options;
  const response = await fetch(url, {
    headers: have > 0 ? { range: `bytes=${have}-` } : {},
    ...(signal ? { signal } : {}),
  });
  const { status, headers } = response;
  const isContinued = status === 206 && startOf(headers) === have;
  if (!response.ok || !response.body || (status === 206 && !isContinued)) {
    await response.body?.cancel();
    // Nothing is left to send: it had arrived whole.
    if (status === 416 && have > 0 && headers.get('content-range') === `bytes */${have}`) return;
    // What is there is longer than the file, or the server cannot go on from its end.
    if (have > 0 && (status === 416 || status === 206)) {
      await rm(target, { force: true });
      return attempt(url, target, 0, options);
    }
    throw new DownloadProblem(`the server answered ${status}`);
  }
  let done = isContinued ? have : 0;
  const rest = Number(headers.get('content-length') ?? NaN);
  const total = done + rest;
  await mkdir(dirname(target), { recursive: true });
  const file = createWriteStream(target, { flags: isContinued ? 'a' : 'w' });
  await pipeline(
    Readable.fromWeb(response.body),
    async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        done += chunk.length;
        if (Number.isFinite(total)) onProgress?.({ step: 'download', done, total });
        yield chunk;
      }
    },
    file,
  );
  if (done < total) throw new CutConnection('the connection was cut');
}

/** The first byte of `Content-Range: bytes 100-199/200`. */
function startOf(headers: Headers): number {
  return Number(/^bytes (\d+)-/.exec(headers.get('content-range') ?? '')?.[1] ?? NaN);
}

const cutCodes: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_SOCKET',
  'UND_ERR_BODY_TIMEOUT',
]);

/** Failures of the connection in words; those of the disk as they are known everywhere else. */
function toProblem(error: unknown, target: string): unknown {
  if (error instanceof DownloadProblem) return error;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = systemCode(cause);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new DownloadProblem(`the host is not found${proxyNote()}`);
  if (code === 'ECONNREFUSED' || code === 'UND_ERR_CONNECT_TIMEOUT')
    return new DownloadProblem(`there is no connection${proxyNote()}`);
  if (cutCodes.has(code ?? '') || (error instanceof TypeError && error.message === 'terminated'))
    return new CutConnection('the connection was cut');
  // What else keeps a request from being made: a certificate, a blocked port.
  if (error instanceof TypeError) return new DownloadProblem(`${oneLine(cause)}${proxyNote()}`);
  return toWriteError(error, target);
}

/** Node's own download knows no proxy, which is worth saying where one is set. */
function proxyNote(): string {
  const name = ['HTTPS_PROXY', 'https_proxy'].find((key) => process.env[key]);
  return name ? ` ($${name} is set, but downloads here do not go through a proxy)` : '';
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
