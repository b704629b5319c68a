import { open } from 'node:fs/promises';
import { readFileMeta, type FileMeta } from '../../formats/dicom/fileMeta.ts';

const metaBytes = 4096;

/** What a DICOM file on the disk is; no more than its beginning is read. Throws NOT_DICOM for one without meta information, and system errors. */
export async function fileMetaOf(path: string): Promise<FileMeta & { readonly dataSetOffset: number }> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(metaBytes), 0, metaBytes, 0);
    return readFileMeta(buffer.subarray(0, bytesRead), path);
  } finally {
    await file.close();
  }
}
