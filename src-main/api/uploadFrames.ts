/**
 * Several files in one request body: for each a 32-bit little-endian length, that many bytes of JSON `{ path, size }`, then `size` bytes
 * of the file. A series has hundreds of small files, and a request of its own for each costs a browser most of the time.
 */
import { z } from 'zod';
import { AppError } from '../shared/appError.ts';

export interface UploadFrame {
  /** Of the dropped file, relative, unchecked. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Must be read to its end before the next frame. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

const longestHeader = 16 * 1024;

const headerSchema = z.strictObject({ path: z.string(), size: z.number().int().nonnegative() });

/** The files of a body in order. Throws BAD_REQUEST where it is no sequence of frames or ends within one. */
export async function* uploadFrames(body: ReadableStream<Uint8Array> | null): AsyncGenerator<UploadFrame> {
  if (!body) return;
  const reader = body.getReader();
  let rest: Uint8Array = new Uint8Array(0);
  /** Whether there is something to read. */
  const refill = async (): Promise<boolean> => {
    while (rest.length === 0) {
      const part = await reader.read();
      if (part.done) return false;
      rest = part.value;
    }
    return true;
  };
  async function* take(count: number): AsyncGenerator<Uint8Array> {
    for (let left = count; left > 0;) {
      if (!(await refill())) throw invalid('it ends within a file');
      const part = rest.subarray(0, left);
      rest = rest.subarray(part.length);
      left -= part.length;
      yield part;
    }
  }
  try {
    while (await refill()) {
      const length = (await joined(take(4), 4)).getUint32(0, true);
      if (length > longestHeader) throw invalid('it is no sequence of files');
      const { path, size } = parseHeader(await joined(take(length), length));
      yield { path, size, bytes: take(size) };
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

async function joined(parts: AsyncIterable<Uint8Array>, length: number): Promise<DataView> {
  const bytes = new Uint8Array(length);
  let at = 0;
  for await (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return new DataView(bytes.buffer);
}

function parseHeader(bytes: DataView): z.infer<typeof headerSchema> {
  try {
    return headerSchema.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch {
    throw invalid('a file in it has no path and size');
  }
}

function invalid(reason: string): AppError {
  return new AppError('BAD_REQUEST', { reason });
}
