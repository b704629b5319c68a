/**
 * Looks at every file once: its format, and of DICOM the headers. Of a file only its beginning is read, more only when a header goes
 * on; several files are waited for at a time, so that a slow disk or network is kept busy.
 */
import { dirname, join } from 'node:path';
import { holdsHeader } from '../../formats/dicom/openDataSet.ts';
import { readDicomFrames, type DicomHeader } from '../../formats/dicom/readDicomHeader.ts';
import { readSeriesIdentity } from '../../formats/dicom/seriesIdentity.ts';
import { metaImageDataFile } from '../../formats/metaimage/readMetaImage.ts';
import { AppError } from '../../shared/appError.ts';
import type { ByteSource } from '../../shared/byteSource.ts';
import type { StopSignal } from '../../shared/jobEvent.ts';
import type { OnProgress } from '../../shared/progress.ts';
import type { ImportFiles } from './openImportFiles.ts';
import type { LooseFile } from './planLooseImages.ts';
import { headBytes, sniffFormat, type FileFormat } from './sniffFormat.ts';

export interface ScannedImages {
  /** In the order of the files; of a multi-frame file one after the other. */
  readonly headers: readonly DicomHeader[];
  readonly loose: readonly LooseFile[];
  readonly problems: readonly ScanProblem[];
}

/** A file that holds no image, or none that can be read. */
export interface ScanProblem {
  readonly path: string;
  readonly error: AppError;
  /** As far as it could be told. */
  readonly format?: FileFormat;
  /** Of DICOM; '' where it does not say. */
  readonly seriesInstanceUid: string;
}

export interface ScanOptions {
  readonly onProgress?: OnProgress;
  readonly signal?: StopSignal;
}

type Scanned = { readonly headers: readonly DicomHeader[] } | { readonly loose: LooseFile } | ScanProblem;

const filesAtOnce = 8;
/** No header of a patient's image is longer, bytes: that of thousands of frames has some tens of MiB. */
const largestHeader = 2 ** 26;

/** Scans all of `files`; stops early when `signal` is aborted. A file's problem never ends the scan. */
export async function scanImages(
  { files, open }: Pick<ImportFiles, 'files' | 'open'>,
  options: ScanOptions = {},
): Promise<ScannedImages> {
  const known = new Set(files);
  const scanned: (Scanned | undefined)[] = files.map(() => undefined);
  const queue = files.entries();
  let done = 0;
  const work = async (): Promise<void> => {
    for (const [at, path] of queue) {
      if (options.signal?.aborted) return;
      scanned[at] = await scanFile(path, open, known);
      options.onProgress?.({ step: 'look at files', done: ++done, total: files.length });
    }
  };
  await Promise.all(Array.from({ length: filesAtOnce }, work));
  const loose = scanned.flatMap((one) => (one && 'loose' in one ? [one.loose] : []));
  // The data file of an .mhd is no image of its own.
  const data = new Set(loose.flatMap(({ dataPath }) => (dataPath === undefined ? [] : [dataPath])));
  return {
    headers: scanned.flatMap((one) => (one && 'headers' in one ? one.headers : [])),
    loose,
    problems: files.flatMap((path, at) => {
      const one = scanned[at];
      return one && 'error' in one && !data.has(path) ? [one] : [];
    }),
  };
}

async function scanFile(
  path: string,
  open: ImportFiles['open'],
  known: ReadonlySet<string>,
): Promise<Scanned> {
  let head: Uint8Array = new Uint8Array();
  let format: FileFormat | undefined;
  try {
    const source = await open(path);
    try {
      head = await source.read(0, Math.min(headBytes, source.size));
      format = sniffFormat(head, path);
      if (format === undefined) throw new AppError('UNKNOWN_FORMAT', { path });
      if (format === 'dicom') return { headers: await readHeaders(source, head) };
      return { loose: looseFile(path, format, head, known) };
    } finally {
      await source.dispose();
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    format ??= sniffFormat(head, path);
    const seriesInstanceUid = format === 'dicom' ? seriesOf(head, path) : '';
    return { path, error, ...(format === undefined ? {} : { format }), seriesInstanceUid };
  }
}

/** The series a file says to belong to, whatever else is wrong with it. */
function seriesOf(head: Uint8Array, path: string): string {
  try {
    return readSeriesIdentity(head, path).seriesInstanceUid;
  } catch (error) {
    if (error instanceof AppError) return '';
    throw error;
  }
}

/** Headers from the file's beginning; while its header goes on, from four times as much. Throws FILE_UNREADABLE for one without end. */
async function readHeaders(source: ByteSource, head: Uint8Array): Promise<readonly DicomHeader[]> {
  const { name, size } = source;
  for (let bytes = head; ; bytes = await source.read(0, Math.min(4 * bytes.length, largestHeader, size))) {
    try {
      return readDicomFrames(bytes, name, size).headers;
    } catch (error) {
      const isNoImage = error instanceof AppError && error.code === 'DICOM_NO_IMAGE';
      if (isNoImage || bytes.length === size || holdsHeader(bytes, name)) throw error;
      if (bytes.length < largestHeader) continue;
      const reason = `more than ${largestHeader / 2 ** 20} MiB of it would have to be read for its header`;
      throw new AppError('FILE_UNREADABLE', { path: name, reason }, { cause: error });
    }
  }
}

function looseFile(
  path: string,
  format: LooseFile['format'],
  head: Uint8Array,
  known: ReadonlySet<string>,
): LooseFile {
  if (format === 'nifti') return { path, format };
  const dataFile = metaImageDataFile(head, path);
  const dataPath = dataFile === undefined ? undefined : join(dirname(path), dataFile);
  return dataPath !== undefined && known.has(dataPath) ? { path, format, dataPath } : { path, format };
}
