/** A range of a file as a stream that reads on only when its reader does: a volume never lies in memory whole. */
import { type FileHandle, open } from 'node:fs/promises';

const chunkBytes = 1 << 20;

/**
 * Streams `length` bytes of `path` from byte `start`. The file is open from the first read to the end, a failure or the reader's going away; a
 * stream that nobody reads opens nothing. A file that is missing or has become shorter fails the stream.
 */
export function fileStream(
  path: string,
  start: number,
  length: number,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let handle: FileHandle | undefined;
  let at = 0;
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        try {
          handle ??= await open(path, 'r');
          const chunk = new Uint8Array(Math.min(chunkBytes, length - at));
          if (chunk.length > 0) {
            const { bytesRead } = await handle.read(chunk, 0, chunk.length, start + at);
            if (bytesRead === 0) throw new Error('The file became shorter while it was read.');
            at += bytesRead;
            controller.enqueue(chunk.subarray(0, bytesRead));
          }
          if (at < length) return;
          await handle.close();
          controller.close();
        } catch (error) {
          await handle?.close();
          controller.error(error);
        }
      },
      async cancel() {
        await handle?.close();
      },
    },
    { highWaterMark: 0 },
  );
}
