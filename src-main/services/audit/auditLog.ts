/** `audit.jsonl` of a workspace: what was done with patient data and models, append-only, one line each, chained by hash. */
import { mkdir, open, readFile, type FileHandle } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import packageRecord from '../../../package.json' with { type: 'json' };
import { systemCode, toWriteError } from '../../workflows/files/toWriteError.ts';
import { holdLock } from '../files/holdLock.ts';
import { firstPrevious, lineHash, parseLine, readChain, type AuditChain } from './auditChain.ts';
import { auditLineSchema, type AuditEntry, type AuditLine } from './auditEntry.ts';

interface LogPlace {
  /** The workspace's folder. */
  readonly directory: string;
}

export const auditPath = ({ directory }: LogPlace): string => join(directory, 'audit.jsonl');

/**
 * Adds a line; it is on the disk when this resolves. Several processes may write at once. Throws JOB_BUSY and LOCKED_ELSEWHERE when the log stays
 * locked, DISK_FULL, WRITE_FAILED.
 */
export async function appendAudit(workspace: LogPlace, entry: AuditEntry): Promise<AuditLine> {
  const path = auditPath(workspace);
  try {
    await mkdir(workspace.directory, { recursive: true });
    const unlock = await holdLock(`${path}.lock`, { subject: 'audit log', patienceMs: 20_000, pauseMs: 10 });
    try {
      const handle = await open(path, 'a+');
      try {
        return await append(handle, entry);
      } finally {
        await handle.close();
      }
    } finally {
      await unlock();
    }
  } catch (error) {
    throw toWriteError(error, path);
  }
}

/** The whole log; an empty chain where there is none yet. */
export async function readAudit(workspace: LogPlace): Promise<AuditChain> {
  try {
    return readChain(await readFile(auditPath(workspace)));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return readChain(new Uint8Array());
    throw error;
  }
}

async function append(handle: FileHandle, entry: AuditEntry): Promise<AuditLine> {
  const { size } = await handle.stat();
  const { last, sequence, isTorn } = await readEnd(handle, size);
  const line = auditLineSchema.parse({
    sequence: sequence + 1,
    time: new Date().toISOString(),
    user: account(),
    program: `Ilium ${packageRecord.version}`,
    ...entry,
    previous: last === null ? firstPrevious : lineHash(last),
  });
  // One write, so that a crash tears at most this line. What an earlier crash has torn is ended first.
  await handle.appendFile(`${isTorn ? '\n' : ''}${JSON.stringify(line)}\n`);
  await handle.datasync();
  return line;
}

interface LogEnd {
  /** The last line, torn or not; null in an empty log. */
  readonly last: Uint8Array | null;
  /** Of the last whole entry; 0 where there is none. */
  readonly sequence: number;
  /** Whether the last line has no line feed. */
  readonly isTorn: boolean;
}

/** Reads backwards until a whole entry is found: mostly the last line is one. */
async function readEnd(handle: FileHandle, size: number): Promise<LogEnd> {
  for (let length = Math.min(size, 16_384); ; length = Math.min(size, 4 * length)) {
    const bytes = new Uint8Array(length);
    await handle.read(bytes, 0, length, size - length);
    const isTorn = length > 0 && bytes.at(-1) !== 10;
    const lines: Uint8Array[] = [];
    for (let end = isTorn ? length : length - 1; end >= 0;) {
      const start = end === 0 ? 0 : bytes.lastIndexOf(10, end - 1) + 1;
      // The first line of a part of the log may be cut.
      if (start === 0 && length < size) break;
      const line = bytes.subarray(start, end);
      lines.push(line);
      const entry = parseLine(line);
      if (entry) return { last: lines[0] ?? null, sequence: entry.sequence, isTorn };
      end = start - 1;
    }
    if (length === size) return { last: lines[0] ?? null, sequence: 0, isTorn };
  }
}

/** The operating system's account; some containers have none. */
function account(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}
