/**
 * Files that may be slices of a series and could not be read: a first or last slice leaves no gap that would betray it. Where a file still
 * says to which series it belongs, that decides; else whether it lies beside the series.
 */
import type { SeriesGroup } from '../../formats/dicom/groupSeries.ts';
import type { AppError } from '../../shared/appError.ts';
import type { Finding } from '../../shared/finding.ts';
import { errorFinding } from './errorFinding.ts';
import { archiveOf, type ImportFiles } from './openImportFiles.ts';
import type { ScannedImages } from './scanImages.ts';
import { sniffFormat } from './sniffFormat.ts';

export interface LostFile {
  readonly path: string;
  readonly error: AppError;
  /** '' where the file does not say. */
  readonly seriesInstanceUid: string;
}

/** What of an import should have been readable, may be DICOM and is not. */
export function lostFiles(
  found: Pick<ImportFiles, 'problems'>,
  scanned: Pick<ScannedImages, 'problems'>,
): LostFile[] {
  const unopened = found.problems.map((problem) => ({
    ...problem,
    seriesInstanceUid: '',
    format: sniffFormat(new Uint8Array(), problem.path),
  }));
  return [...scanned.problems, ...unopened].filter(
    ({ path, error, format = 'dicom' }) =>
      format === 'dicom' && errorFinding(error, path).severity === 'error',
  );
}

/** Those of `lost` that may belong to `group`. */
export function lostOf(group: SeriesGroup, lost: readonly LostFile[]): LostFile[] {
  const folders = new Set(group.headers.flatMap(({ name }) => foldersOf(name)));
  const uid = group.headers[0]?.seriesInstanceUid ?? '';
  return lost.filter(({ path, seriesInstanceUid }) =>
    seriesInstanceUid === '' ? folders.has(folderOf(path)) : seriesInstanceUid === uid,
  );
}

/** A warning where there are any. */
export function incompleteSeries(group: SeriesGroup, lost: readonly LostFile[]): Finding[] {
  const count = lostOf(group, lost).length;
  if (count === 0) return [];
  return [
    { code: 'series-may-be-incomplete', severity: 'warning', subject: group.label, details: { count } },
  ];
}

const folderOf = (path: string): string => path.replace(/[^/\\]*$/, '');

/** The folder a file lies in; of one in an archive also that of the archive, beside which another may hold the rest. */
function foldersOf(path: string): string[] {
  const archive = archiveOf(path);
  return archive === undefined ? [folderOf(path)] : [folderOf(path), folderOf(archive)];
}
