import { expect, it } from 'vitest';
import { filesBelow } from '../../../src-renderer/lib/droppedFiles.ts';

function fileEntry(fullPath: string): FileSystemEntry {
  const entry = {
    isFile: true,
    isDirectory: false,
    fullPath,
    file: (done: (file: File) => void) => done(new File([], fullPath)),
  };
  return entry as unknown as FileSystemEntry;
}

function folderEntry(children: FileSystemEntry[], batch: number): FileSystemEntry {
  let at = 0;
  const readEntries = (done: (entries: FileSystemEntry[]) => void): void =>
    done(children.slice(at, (at += batch)));
  const entry = {
    isFile: false,
    isDirectory: true,
    fullPath: '/study',
    createReader: () => ({ readEntries }),
  };
  return entry as unknown as FileSystemEntry;
}

const names = Array.from({ length: 5 }, (_, at) => `/study/${String(at)}.dcm`);

it('finds all files of a folder, although the browser hands them out in batches', async () => {
  const files = await filesBelow([folderEntry(names.map(fileEntry), 2)], new AbortController().signal);
  expect(files.map(({ path }) => `/${path}`)).toEqual(names);
});

it('ends when it is given up', async () => {
  const entries = [folderEntry(names.map(fileEntry), 2)];
  await expect(filesBelow(entries, AbortSignal.abort())).rejects.toThrow();
});
