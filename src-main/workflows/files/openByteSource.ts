import { open } from 'node:fs/promises';
import { AppError } from '../../shared/appError.ts';
import type { ByteSource } from '../../shared/byteSource.ts';
import { systemCode } from './toWriteError.ts';

export interface OpenByteSource extends ByteSource {
  dispose(): Promise<void>;
}

/** Opens a file to be read piece by piece. Throws FILE_NOT_FOUND or FILE_UNREADABLE. */
export async function openByteSource(path: string): Promise<OpenByteSource> {
  const readable = (error: unknown): unknown => {
    const code = systemCode(error);
    if (code === 'ENOENT') return new AppError('FILE_NOT_FOUND', { path }, { cause: error });
    return code === undefined
      ? error
      : new AppError('FILE_UNREADABLE', { path, reason: code }, { cause: error });
  };
  try {
    const handle = await open(path, 'r');
    const { size } = await handle.stat();
    return {
      name: path,
      size,
      async read(offset, length) {
        if (offset < 0 || length < 0 || offset + length > size)
          throw new RangeError(`${length} bytes from ${offset} are not within ${size}.`);
        const bytes = new Uint8Array(length);
        for (let at = 0; at < length;) {
          const { bytesRead } = await handle
            .read(bytes, at, length - at, offset + at)
            .catch((error: unknown) => Promise.reject(readable(error) as Error));
          if (bytesRead === 0) throw new AppError('FILE_UNREADABLE', { path, reason: 'it became shorter' });
          at += bytesRead;
        }
        return bytes;
      },
      dispose: () => handle.close(),
    };
  } catch (error) {
    throw readable(error);
  }
}
