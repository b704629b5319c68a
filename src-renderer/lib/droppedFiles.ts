/** Files that were dropped or chosen, each with its path inside what was dropped (`study/series/0001.dcm`). */

export interface DroppedFile {
  readonly path: string;
  readonly file: File;
}

function readBatch(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject));
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isDirectory(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

async function walk(entry: FileSystemEntry, into: DroppedFile[], signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const path = entry.fullPath.replace(/^\//, '');
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    into.push({ path, file });
  } else if (isDirectory(entry)) {
    const reader = entry.createReader();
    // A directory comes in batches of at most 100; an empty one is its end.
    for (let batch = await readBatch(reader); batch.length > 0; batch = await readBatch(reader)) {
      for (const child of batch) await walk(child, into, signal);
    }
  }
}

/** The entries of a drop; to be taken in the event itself, since the browser empties it right after. */
export function entriesOf(transfer: DataTransfer): FileSystemEntry[] {
  return [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
}

/** All files below the entries. */
export async function filesBelow(
  entries: readonly FileSystemEntry[],
  signal: AbortSignal,
): Promise<DroppedFile[]> {
  const files: DroppedFile[] = [];
  for (const entry of entries) await walk(entry, files, signal);
  return files;
}

/** What a file input holds; a chosen folder's files know their place in it. */
export function filesOf(list: FileList | null): DroppedFile[] {
  return [...(list ?? [])].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
}
