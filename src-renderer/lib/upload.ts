/** Sends files to the application, a few at a time; what is given up or fails is taken back. */
import { client, request } from './client.ts';
import type { DroppedFile } from './droppedFiles.ts';

const atOnce = 4;

export interface UploadProgress {
  readonly files: number;
  readonly totalFiles: number;
  readonly bytes: number;
  readonly totalBytes: number;
}

/** Returns the upload's id, for an import. Throws `AbortError` when given up. */
export async function uploadFiles(
  files: readonly DroppedFile[],
  signal: AbortSignal,
  onProgress: (progress: UploadProgress) => void,
): Promise<string> {
  const { upload } = await client.post<{ upload: string }>('/api/uploads');
  const totalBytes = files.reduce((sum, { file }) => sum + file.size, 0);
  let done = 0;
  let bytes = 0;
  const tell = (): void => onProgress({ files: done, totalFiles: files.length, bytes, totalBytes });
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const queue = files.values();
  const send = async (): Promise<void> => {
    for (const { path, file } of queue) {
      await request(`/api/uploads/${upload}/files?path=${encodeURIComponent(path)}`, {
        method: 'PUT',
        body: file,
        signal: either,
      });
      done += 1;
      bytes += file.size;
      tell();
    }
  };
  try {
    tell();
    await Promise.all(Array.from({ length: atOnce }, send));
    return upload;
  } catch (error) {
    failed.abort();
    await client.remove(`/api/uploads/${upload}`).catch(() => undefined);
    throw error;
  }
}
