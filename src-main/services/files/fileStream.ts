/** A range of a file as a stream that reads on only when its reader does: a volume never lies in memory whole. */
import { open } from 'node:fs/promises';

const chunkBytes = 1 << 20;

/**
 * Streams `length` bytes of `path` from byte `start`. The file is opened at once, so that one that is missing throws here; it is closed at
 * the end, on failure and when the reader goes away. A file that has become shorter fails the stream.
 */
export async function fileStream(
  path: string,
  start: number,
  length: number,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const handle = await open(path, 'r');
  let at = 0;
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        try {
          const chunk = new Uint8Array(Math.min(chunkBytes, length - at));
          const { bytesRead } =
            chunk.length === 0 ? { bytesRead: 0 } : await handle.read(chunk, 0, chunk.length, start + at);
          if (bytesRead === 0 && at < length) throw new Error('The file became shorter while it was read.');
          at += bytesRead;
          if (bytesRead > 0) controller.enqueue(chunk.subarray(0, bytesRead));
          if (at >= length) {
            await handle.close();
            controller.close();
          }
        } catch (error) {
          await handle.close();
          controller.error(error);
        }
      },
      cancel: () => handle.close(),
    },
    { highWaterMark: 1 },
  );
}
