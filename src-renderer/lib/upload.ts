/** Sends files to the application, many small ones in a request; what is given up or fails is taken back. */
import { client, request } from './client.ts';
import type { DroppedFile } from './droppedFiles.ts';

const atOnce = 2;
/** A batch ends where it passes either. */
const batchBytes = 8 * 2 ** 20;
const batchFiles = 64;

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
  const totalBytes = bytesOf(files);
  let done = 0;
  let bytes = 0;
  const tell = (): void => onProgress({ files: done, totalFiles: files.length, bytes, totalBytes });
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const queue = batches(files).values();
  const send = async (): Promise<void> => {
    for (const batch of queue) {
      await request(`/api/uploads/${upload}/files`, {
        method: 'PUT',
        body: new Blob(batch.flatMap(frame)),
        signal: either,
      });
      either.throwIfAborted();
      done += batch.length;
      bytes += bytesOf(batch);
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

function bytesOf(files: readonly DroppedFile[]): number {
  return files.reduce((sum, { file }) => sum + file.size, 0);
}

function batches(files: readonly DroppedFile[]): DroppedFile[][] {
  const all: DroppedFile[][] = [];
  let batch: DroppedFile[] = [];
  for (const file of files) {
    batch.push(file);
    if (batch.length < batchFiles && bytesOf(batch) < batchBytes) continue;
    all.push(batch);
    batch = [];
  }
  return batch.length > 0 ? [...all, batch] : all;
}

/** The parts of a file in a request's body: length of the header, header, bytes (`uploadFrames.ts` reads them). */
function frame({ path, file }: DroppedFile): BlobPart[] {
  const header = new TextEncoder().encode(JSON.stringify({ path, size: file.size }));
  const length = new DataView(new ArrayBuffer(4));
  length.setUint32(0, header.length, true);
  return [length, header, file];
}
