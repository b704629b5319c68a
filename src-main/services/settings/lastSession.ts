/** `last-session.json` of the workspace: the window's own memory of where it was. Only the window knows what it means. */
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../shared/appError.ts';
import { readRecord, writeRecord } from '../../workflows/files/record.ts';

const recordSchema = z.object({ schemaVersion: z.literal(1), session: z.unknown() });

export interface LastSession {
  /** Null when there is none, or none that can be read: the window then begins anew. */
  read(): Promise<unknown>;
  write(session: unknown): Promise<void>;
}

export function createLastSession(directory: string): LastSession {
  const path = join(directory, 'last-session.json');
  return {
    async read() {
      try {
        return (await readRecord(path, recordSchema)).session ?? null;
      } catch (error) {
        if (error instanceof AppError) return null;
        throw error;
      }
    },
    write: (session) => writeRecord(path, recordSchema, { schemaVersion: 1, session }),
  };
}
