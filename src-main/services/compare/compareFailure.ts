/** What could not be computed: named in the report, while everything else goes on. */
import { z } from 'zod';
import { AppError } from '../../shared/appError.ts';

export const compareFailureSchema = z.object({
  /** Null: the case itself cannot be read. */
  run: z.string().nullable(),
  /** Null: the run itself cannot be used. */
  caseId: z.string().nullable(),
  message: z.string(),
});

export type CompareFailure = z.infer<typeof compareFailureSchema>;

/** In one line, with the names of run and case. */
export function failureText({ run, caseId, message }: CompareFailure): string {
  return `${[run, caseId].filter((name) => name !== null).join(', ')}: ${message}`;
}

/** Does `work`; what a person can act on becomes a failure, everything else is thrown. */
export async function orFailure<T>(
  about: Pick<CompareFailure, 'run' | 'caseId'>,
  failures: CompareFailure[],
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    // A full disk would fail everything that follows as well.
    if (error.code === 'DISK_FULL') throw error;
    failures.push({ ...about, message: error.message });
    return undefined;
  }
}
