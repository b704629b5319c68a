/**
 * Pages of a run's log by line number, cheap however long the log is: where every 512th line begins is remembered, and only what was
 * appended since is scanned. A log that was rewound (a resumed run) is scanned anew.
 */
import { open, stat, type FileHandle } from 'node:fs/promises';
import type { RunLogLine, RunLogPage } from '../../api/contract/training.ts';
import { systemCode } from '../../workflows/files/toWriteError.ts';

export interface RunLogs {
  /** Lines from `from` on, at most `limit`; no lines where there is no log yet. */
  page(path: string, from: number, limit?: number): Promise<RunLogPage>;
}

interface LineIndex {
  /** Tells a rewritten file from a grown one. */
  readonly inode: number;
  /** Whole lines, and the byte behind the last of them. */
  lines: number;
  end: number;
  /** Where lines 0, stride, 2 · stride … begin. */
  readonly starts: number[];
}

const stride = 512;
const chunkBytes = 1 << 18;
const newline = 10;

export function createRunLogs(): RunLogs {
  const indices = new Map<string, LineIndex>();
  /** Pages of one log are read one after the other: an index must not be brought up to date twice at once. */
  const queues = new Map<string, Promise<unknown>>();
  const readPage = async (path: string, from: number, limit: number): Promise<RunLogPage> => {
    const found = await statOf(path);
    if (!found) {
      indices.delete(path);
      return { next: 0, lines: [] };
    }
    const known = indices.get(path);
    const fits = known?.inode === found.inode && known.end <= found.size;
    const index: LineIndex = fits ? known : { inode: found.inode, lines: 0, end: 0, starts: [0] };
    indices.set(path, index);
    const handle = await open(path, 'r');
    try {
      await scan(handle, index);
      const first = Math.min(from, index.lines);
      const last = Math.min(first + limit, index.lines);
      return { next: last, lines: await readLines(handle, index, first, last) };
    } finally {
      await handle.close();
    }
  };
  return {
    page(path, from, limit = 5000) {
      const before = queues.get(path) ?? Promise.resolve();
      const page = before.catch(() => undefined).then(() => readPage(path, from, limit));
      queues.set(path, page);
      return page;
    },
  };
}

async function statOf(path: string): Promise<{ inode: number; size: number } | null> {
  try {
    const { ino, size } = await stat(path);
    return { inode: ino, size };
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Takes up what was appended; a last line without its end waits. */
async function scan(handle: FileHandle, index: LineIndex): Promise<void> {
  const chunk = new Uint8Array(chunkBytes);
  for (let at = index.end; ;) {
    const { bytesRead } = await handle.read(chunk, 0, chunkBytes, at);
    if (bytesRead === 0) return;
    for (let n = chunk.indexOf(newline); n >= 0 && n < bytesRead; n = chunk.indexOf(newline, n + 1)) {
      index.lines++;
      index.end = at + n + 1;
      if (index.lines % stride === 0) index.starts.push(index.end);
    }
    at += bytesRead;
  }
}

async function readLines(
  handle: FileHandle,
  { starts, end }: LineIndex,
  first: number,
  last: number,
): Promise<RunLogLine[]> {
  if (first === last) return [];
  const block = Math.floor(first / stride);
  const from = starts[block] ?? 0;
  const bytes = new Uint8Array((starts[Math.ceil(last / stride)] ?? end) - from);
  await handle.read(bytes, 0, bytes.length, from);
  const lines = new TextDecoder().decode(bytes).split('\n');
  return lines.slice(first - block * stride, last - block * stride).map(parseLine);
}

/** A line as training wrote it; one that is damaged stays in its place as a note. */
function parseLine(line: string): RunLogLine {
  try {
    return JSON.parse(line) as RunLogLine;
  } catch {
    return { type: 'note', step: 0, message: 'A line of the log is damaged.' };
  }
}
