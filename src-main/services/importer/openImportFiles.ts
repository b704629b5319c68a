/**
 * Everything an import reads: files in folders, files a DICOMDIR names, and entries of zip archives, which are read where they are and
 * known by paths like `study.zip/MR/IM0001`. Nothing is unpacked to disk.
 */
import { basename, dirname, join } from 'node:path';
import { readDicomDirectory } from '../../formats/dicom/readDicomDirectory.ts';
import { listZip, readZipEntry, type ZipEntry } from '../../formats/zip/readZip.ts';
import { AppError } from '../../shared/appError.ts';
import type { ByteSource } from '../../shared/byteSource.ts';
import type { Finding } from '../../shared/finding.ts';
import { fileExists } from '../../workflows/files/fileExists.ts';
import { openByteSource, type OpenByteSource } from '../../workflows/files/openByteSource.ts';
import { readBytes } from '../../workflows/files/readBytes.ts';
import { safeRelativePath } from '../uploads/safeRelativePath.ts';
import { requireMemory } from './checkMemory.ts';
import { collectFiles, type CollectedFiles } from './collectFiles.ts';

export interface ImportFiles extends CollectedFiles {
  /** What was noticed while looking for files. */
  readonly findings: readonly Finding[];
  /** A file to be read piece by piece. Rejects with FILE_NOT_FOUND, FILE_UNREADABLE or ARCHIVE_INVALID. */
  open(path: string): Promise<OpenByteSource>;
  /** A whole file; rejects as `open` does, and with VOLUME_TOO_LARGE for an archived one that memory cannot hold. */
  read(path: string): Promise<Uint8Array>;
}

interface ArchivedFile {
  readonly archive: string;
  readonly entry: ZipEntry;
}

/** Whether a file is taken for a zip archive: by its name. */
export const isArchive = (path: string): boolean => /\.zip$/i.test(path);
/** The archive that a path like `study.zip/MR/IM0001` leads into. */
export const archiveOf = (path: string): string | undefined => /^(.*?\.zip)\//i.exec(path)?.[1];
/** An entry that is large and expands this much, or an archive that does, is a bomb and no images. */
const suspiciousExpansion = 200;
const largeBytes = 2 ** 26;
const largestEntryBytes = 2 ** 32;

/** Finds the files under `paths` as `collectFiles` does, and (unless told not to) those inside archives. */
export async function openImportFiles(
  paths: readonly string[],
  { archives = true, ...options }: { recursive?: boolean; archives?: boolean } = {},
): Promise<ImportFiles> {
  const collected = await collectFiles(paths, options);
  const files = new Set<string>();
  const problems = [...collected.problems];
  const findings: Finding[] = [];
  const archived = new Map<string, ArchivedFile>();
  for (const path of collected.files) {
    if (archives && isArchive(path)) {
      await addArchive(path, files, archived, problems);
      continue;
    }
    files.add(path);
    if (basename(path).toUpperCase() === 'DICOMDIR') findings.push(...(await addReferenced(path, files)));
  }
  const open = async (path: string): Promise<OpenByteSource> => {
    const inside = archived.get(path);
    return inside === undefined ? openByteSource(path) : openArchived(path, inside);
  };
  return {
    files: [...files],
    problems,
    findings,
    open,
    async read(path) {
      if (!archived.has(path)) return readBytes(path);
      const source = await open(path);
      try {
        requireMemory(path, source.size);
        return await source.read(0, source.size);
      } finally {
        await source.dispose();
      }
    },
  };
}

async function addArchive(
  path: string,
  files: Set<string>,
  archived: Map<string, ArchivedFile>,
  problems: { path: string; error: AppError }[],
): Promise<void> {
  try {
    const source = await openByteSource(path);
    try {
      const entries = await listZip(source);
      checkExpansion(path, entries, source.size);
      const taken = new Set<string>();
      for (const entry of entries) {
        const place = freePlace(`${path}/${entry.name}`, taken);
        taken.add(place);
        const error = entryProblem(place, entry);
        if (error !== undefined) problems.push({ path: place, error });
        else {
          files.add(place);
          archived.set(place, { archive: path, entry });
        }
      }
    } finally {
      await source.dispose();
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    problems.push({ path, error });
  }
}

/** An archive may hold several files of one name; each but the first is known by a number too. */
function freePlace(place: string, taken: ReadonlySet<string>): string {
  let free = place;
  for (let number = 2; taken.has(free); number++) free = `${place} (${number})`;
  return free;
}

function checkExpansion(path: string, entries: readonly ZipEntry[], archiveBytes: number): void {
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  if (total < 16 * largeBytes || total < suspiciousExpansion * archiveBytes) return;
  const reason = `its files would be ${Math.round(total / archiveBytes)} times as large as it is`;
  throw new AppError('ARCHIVE_INVALID', { path, reason });
}

/** Why an entry is not taken, without reading it. */
function entryProblem(
  path: string,
  { name, size, compressedSize, encrypted }: ZipEntry,
): AppError | undefined {
  const refuse = (reason: string): AppError => new AppError('ARCHIVE_INVALID', { path, reason });
  if (safeRelativePath(name) === undefined) return refuse('its name leads out of the archive');
  if (encrypted) return refuse('it is encrypted');
  if (isArchive(name)) return refuse('it is an archive inside an archive');
  if (size >= largestEntryBytes) return refuse('it is larger than 4 GiB');
  if (size > largeBytes && size > suspiciousExpansion * compressedSize)
    return refuse(`it expands ${Math.round(size / Math.max(1, compressedSize))}-fold`);
  return undefined;
}

async function openArchived(name: string, { archive, entry }: ArchivedFile): Promise<OpenByteSource> {
  const source: ByteSource & { dispose(): Promise<void> } = await openByteSource(archive);
  return {
    name,
    size: entry.size,
    async read(offset, length) {
      const bytes = await readZipEntry(source, entry, offset + length);
      return offset === 0 ? bytes : bytes.slice(offset);
    },
    dispose: () => source.dispose(),
  };
}

/** Adds the files a DICOMDIR names; a finding tells which of them are not there. */
async function addReferenced(directory: string, files: Set<string>): Promise<Finding[]> {
  const missing: string[] = [];
  for (const components of await referencedFiles(directory)) {
    const found = await findReferenced(dirname(directory), components);
    if (found === undefined) missing.push(components.join('/'));
    else files.add(found);
  }
  if (missing.length === 0) return [];
  const shown = missing.slice(0, 5).join(', ');
  const details = { count: missing.length, files: missing.length > 5 ? `${shown} …` : shown };
  return [{ code: 'dicomdir-missing', severity: 'warning', subject: directory, details }];
}

/** Empty for a DICOMDIR that cannot be read: the scan says so of it as of any file. */
async function referencedFiles(directory: string): Promise<(readonly string[])[]> {
  try {
    return readDicomDirectory(await readBytes(directory), directory);
  } catch (error) {
    if (error instanceof AppError) return [];
    throw error;
  }
}

/** Names are capitals on the medium; copied, they are often small, and some discs add a version. */
async function findReferenced(folder: string, components: readonly string[]): Promise<string | undefined> {
  const spelled = [components, components.map((part) => part.toLowerCase())];
  for (const parts of spelled) {
    const path = join(folder, ...parts);
    if (await fileExists(path)) return path;
  }
  return undefined;
}
