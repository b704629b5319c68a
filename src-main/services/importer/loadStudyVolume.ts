/**
 * One MR or CT from wherever a person points: a NIfTI or MetaImage file, a folder or zip archive, or one DICOM file of a series. Unlike an
 * import it never chooses in silence: what does not name one volume is an error that lists the choices.
 */
import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { groupSeries, type SeriesGroup } from '../../formats/dicom/groupSeries.ts';
import type { SourceSeries } from '../../formats/dicom/sourceSeries.ts';
import { AppError } from '../../shared/appError.ts';
import type { Finding } from '../../shared/finding.ts';
import type { OnProgress } from '../../shared/progress.ts';
import type { Volume } from '../../shared/volume.ts';
import { openByteSource } from '../../workflows/files/openByteSource.ts';
import { acceptImage } from './acceptVolume.ts';
import { systemCode } from '../../workflows/files/toWriteError.ts';
import { errorFinding } from './errorFinding.ts';
import { lostFiles, lostOf, type LostFile } from './incompleteSeries.ts';
import { loadLooseImage } from './loadLooseImage.ts';
import { loadSeries } from './loadSeries.ts';
import { isArchive, openImportFiles, type ImportFiles } from './openImportFiles.ts';
import { pathsOf } from './planDicomCases.ts';
import type { LoadedImage } from './plannedCase.ts';
import { readLooseName } from './planLooseImages.ts';
import { scanImages, type ScannedImages } from './scanImages.ts';
import { headBytes, sniffFormat, type FileFormat } from './sniffFormat.ts';
import type { StopSignal } from '../../shared/jobEvent.ts';

export interface StudyVolume {
  readonly volume: Volume<Int16Array | Float32Array>;
  /** DICOM only. */
  readonly source?: SourceSeries;
  /** The series or file, for people. */
  readonly name: string;
  readonly findings: readonly Finding[];
}

export interface StudyVolumeOptions {
  /** Which kind of DICOM series (or `mr`/`ct` file) is wanted where a folder holds both. */
  readonly modality?: 'MR' | 'CT';
  /** Names one series where there are several: its number, UID or a part of its description. */
  readonly series?: string;
  readonly onProgress?: OnProgress;
  readonly signal?: StopSignal;
}

interface Choice {
  readonly name: string;
  readonly modality?: 'MR' | 'CT';
  /** Texts that `series` may be equal to. */
  readonly keys: readonly string[];
  /** Of a file that ends too early and may have been its first or last slice. */
  readonly cut?: AppError;
  readonly load: () => Promise<LoadedImage>;
}

/**
 * Loads the volume at `path`. Throws FILE_NOT_FOUND, FILE_UNREADABLE, UNKNOWN_FORMAT, NOT_DICOM, DICOM_TRUNCATED, DICOM_UNSUPPORTED,
 * DICOM_NO_IMAGE, ARCHIVE_INVALID, VOLUME_TOO_LARGE, SERIES_AMBIGUOUS, SERIES_MISSING_SLICE, SERIES_MIXED, BAD_USAGE (another modality), what the volume formats throw, and
 * VOLUME_EMPTY or VOLUME_NOT_FINITE.
 */
export async function loadStudyVolume(path: string, options: StudyVolumeOptions = {}): Promise<StudyVolume> {
  const place = resolve(path);
  const isFolder = isArchive(place) || (await isDirectory(place, path));
  const format = isFolder ? undefined : await formatOf(place);
  if (!isFolder && format === undefined) throw new AppError('UNKNOWN_FORMAT', { path });
  if (format === 'nifti' || format === 'metaimage') {
    return accept(basename(path), await loadLooseImage(place), []);
  }
  // Archives beside a file that was named are not its series.
  const found = isFolder
    ? await openImportFiles([place])
    : await openImportFiles([dirname(place)], { recursive: false, archives: false });
  const unusable = found.problems.find((problem) => problem.path === place);
  if (unusable !== undefined) throw unusable.error;
  const scanned = await scanImages(found, options);
  options.signal?.throwIfAborted();
  if (!isFolder) throwProblemOf(scanned, place);
  const lost = lostFiles(found, scanned);
  const choices = isFolder
    ? choicesOf(scanned, found.read, lost)
    : dicomChoices(scanned, found.read, lost).filter(({ paths }) => paths.includes(place));
  const chosen = choose(choices, path, options, scanned);
  if (chosen.cut) throw chosen.cut;
  const notes = scanned.problems.map((problem) => errorFinding(problem.error, problem.path));
  return accept(chosen.name, await chosen.load(), [
    ...found.findings,
    ...notes.filter(({ severity }) => severity === 'error'),
  ]);
}

async function formatOf(place: string): Promise<FileFormat | undefined> {
  const source = await openByteSource(place);
  try {
    return sniffFormat(await source.read(0, Math.min(headBytes, source.size)), place);
  } finally {
    await source.dispose();
  }
}

function accept(
  name: string,
  { volume, source, findings }: LoadedImage,
  notes: readonly Finding[],
): StudyVolume {
  return {
    volume: acceptImage(volume, name),
    ...(source === undefined ? {} : { source }),
    name,
    findings: [...findings, ...notes],
  };
}

async function isDirectory(place: string, shown: string): Promise<boolean> {
  try {
    return (await stat(place)).isDirectory();
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new AppError('FILE_NOT_FOUND', { path: shown }, { cause: error });
    if (code !== undefined)
      throw new AppError('FILE_UNREADABLE', { path: shown, reason: code }, { cause: error });
    throw error;
  }
}

function throwProblemOf({ problems }: ScannedImages, place: string): void {
  const own = problems.find(({ path }) => path === place);
  if (own !== undefined) throw own.error;
}

function dicomChoices(
  { headers }: ScannedImages,
  read: ImportFiles['read'],
  lost: readonly LostFile[],
): (Choice & { readonly paths: readonly string[] })[] {
  return groupSeries(headers).groups.flatMap((group: SeriesGroup) => {
    const [header] = group.headers;
    if (header === undefined) return [];
    const cut = lostOf(group, lost).find(({ error }) => error.code === 'DICOM_TRUNCATED')?.error;
    return [
      {
        name: group.label,
        modality: header.modality,
        keys: [
          group.id,
          header.seriesInstanceUid,
          header.seriesNumber,
          header.seriesDescription,
          group.label,
        ],
        paths: [...pathsOf(group), ...group.duplicates.map(({ duplicate }) => duplicate.name)],
        ...(cut ? { cut } : {}),
        load: () => loadSeries(group, read, lost),
      },
    ];
  });
}

function choicesOf(scanned: ScannedImages, read: ImportFiles['read'], lost: readonly LostFile[]): Choice[] {
  const loose = scanned.loose.flatMap(({ path }): Choice[] => {
    const role = readLooseName(path)?.role;
    if (role === 'mask') return [];
    return [
      {
        name: basename(path),
        ...(role === undefined ? {} : { modality: role === 'mr' ? ('MR' as const) : ('CT' as const) }),
        keys: [path, basename(path)],
        load: () => loadLooseImage(path, read),
      },
    ];
  });
  return [...dicomChoices(scanned, read, lost), ...loose];
}

/** The one choice of the wanted modality and series; else the error that says why there is none, or which there are. */
function choose(
  choices: readonly Choice[],
  path: string,
  { modality, series }: StudyVolumeOptions,
  { problems }: ScannedImages,
): Choice {
  const fitting = choices.filter((choice) => (choice.modality ?? modality) === (modality ?? choice.modality));
  if (fitting.length === 0 && choices.length > 0 && modality !== undefined) {
    const found = modality === 'MR' ? 'CT' : 'MR';
    throw new AppError('BAD_USAGE', {
      problem: `${path} holds ${found} images where ${modality} is needed.`,
    });
  }
  const named = series === undefined ? fitting : matching(fitting, series);
  const [only, ...others] = named;
  if (only !== undefined && others.length === 0) return only;
  const listed = (named.length > 0 ? named : fitting).map(({ name }) => `"${name}"`).join(', ');
  if (fitting.length > 0)
    throw new AppError('SERIES_AMBIGUOUS', { path, count: fitting.length, series: listed });
  const errors = problems.map(({ error }) => error);
  throw (
    errors.find(({ code }) => code !== 'UNKNOWN_FORMAT') ??
    errors[0] ??
    new AppError('DICOM_NO_IMAGE', { path })
  );
}

/** Choices of which a key is `series`; failing that, whose name contains it. */
function matching(choices: readonly Choice[], series: string): readonly Choice[] {
  const exact = choices.filter(({ keys }) => keys.includes(series));
  const wanted = series.toLowerCase();
  return exact.length > 0 ? exact : choices.filter(({ name }) => name.toLowerCase().includes(wanted));
}
