/** JSON records on disk: small files people may read and edit, checked against a schema whenever they come in or go out. */
import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { AppError } from '../../shared/appError.ts';
import type { ErrorCode } from '../../shared/errorCatalogue.ts';
import { describeZodError } from './describeZodError.ts';
import { systemCode } from './toWriteError.ts';
import { writeAtomically } from './writeAtomically.ts';

/** Reads and validates a record. Throws FILE_NOT_FOUND, FILE_UNREADABLE, or `invalid` with the place and the problem. */
export async function readRecord<S extends z.ZodType>(
  path: string,
  schema: S,
  invalid: ErrorCode = 'RECORD_INVALID',
): Promise<z.output<S>> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new AppError(invalid, { path, reason: error.message }, { cause: error });
    const code = systemCode(error);
    if (code === 'ENOENT') throw new AppError('FILE_NOT_FOUND', { path }, { cause: error });
    if (code !== undefined) throw new AppError('FILE_UNREADABLE', { path, reason: code }, { cause: error });
    throw error;
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new AppError(invalid, { path, reason: describeZodError(parsed.error) });
  return parsed.data;
}

/** Validates and atomically writes a record. An invalid value is a fault of the caller (ZodError). */
export async function writeRecord<S extends z.ZodType>(
  path: string,
  schema: S,
  value: z.input<S>,
): Promise<void> {
  await writeAtomically(path, `${JSON.stringify(schema.parse(value), null, 2)}\n`);
}
