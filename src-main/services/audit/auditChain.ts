/**
 * The chain of the audit log: every line holds the SHA-256 of the line before it, so that a line that was changed, taken out or put in is
 * found. What was cut off at the end is not: for that, the hash of the last line is to be noted elsewhere (`ilium audit verify` prints it).
 *
 * A crash while writing leaves a torn last line. It stays where it is and belongs to the chain like any other: the next line holds its hash.
 */
import { createHash } from 'node:crypto';
import { auditLineSchema, type AuditLine } from './auditEntry.ts';

export const firstPrevious = '0'.repeat(64);

/** SHA-256 of a line's bytes, without its line feed. */
export function lineHash(line: Uint8Array): string {
  return createHash('sha256').update(line).digest('hex');
}

export interface AuditChain {
  /** Lines that are whole, in order. */
  readonly entries: readonly AuditLine[];
  /** Numbers of lines (from 1) that a crash has torn. */
  readonly torn: readonly number[];
  /** The first line whose chain is broken, and what is wrong with it; absent for a whole log. */
  readonly broken?: { readonly line: number; readonly reason: string };
  /** Hash of the last line; zeros for an empty log. */
  readonly head: string;
  /** Hashes of all lines, in order. */
  readonly hashes: readonly string[];
}

/** Reads a log's bytes to its end, or to the first line that is broken. */
export function readChain(bytes: Uint8Array): AuditChain {
  const entries: AuditLine[] = [];
  const torn: number[] = [];
  const hashes: string[] = [];
  let previous = firstPrevious;
  const result = (broken?: AuditChain['broken']): AuditChain => ({
    entries,
    torn,
    head: previous,
    hashes,
    ...(broken ? { broken } : {}),
  });
  for (const [at, line] of splitLines(bytes).entries()) {
    const number = at + 1;
    const parsed = parseLine(line);
    if (parsed === null) torn.push(number);
    else {
      if (parsed.previous !== previous)
        return result({
          line: number,
          reason: number === 1 ? 'the log does not begin with it' : `it does not follow line ${at}`,
        });
      if (parsed.sequence !== entries.length + 1)
        return result({
          line: number,
          reason: `it is entry ${parsed.sequence} where ${entries.length + 1} is due`,
        });
      entries.push(parsed);
    }
    previous = lineHash(line);
    hashes.push(previous);
  }
  return result();
}

/** The line as an entry; null for one that is none. */
export function parseLine(line: Uint8Array): AuditLine | null {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(line));
  } catch {
    return null;
  }
  const parsed = auditLineSchema.safeParse(value);
  return parsed.success ? parsed.data : null;
}

function splitLines(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let from = 0; from < bytes.length;) {
    const end = bytes.indexOf(10, from);
    lines.push(bytes.subarray(from, end < 0 ? bytes.length : end));
    from = end < 0 ? bytes.length : end + 1;
  }
  return lines;
}
