/** Reads a streamed answer into one buffer with progress, without holding the bytes twice where their number is known. */

export interface TransferOptions {
  readonly signal?: AbortSignal | undefined;
  /** Bytes so far; all bytes, or null when unknown. */
  readonly onProgress?: ((done: number, total: number | null) => void) | undefined;
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

/** The body's bytes. A body shorter than announced is an error, never a silently short volume. */
export async function readBytes(
  response: Response,
  { onProgress }: TransferOptions = {},
): Promise<ArrayBuffer> {
  const announced = response.headers.get('content-length');
  const total = announced === null ? null : Number(announced);
  if (!response.body) return response.arrayBuffer();
  const reader = response.body.getReader();
  const whole = total === null ? null : new Uint8Array(total);
  const chunks: Uint8Array[] = [];
  let done = 0;
  for (;;) {
    const part = await reader.read();
    if (part.done) break;
    if (whole) whole.set(part.value, done);
    else chunks.push(part.value);
    done += part.value.length;
    onProgress?.(done, total);
  }
  if (total !== null && done !== total) {
    throw new Error(`The answer ended after ${String(done)} of ${String(total)} bytes.`);
  }
  return (whole ?? joined(chunks, done)).buffer;
}
