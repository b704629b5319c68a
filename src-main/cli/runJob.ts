/** Runs a job for a command: its progress on standard error, its result as a plain record. */
import { z } from 'zod';
import { startJob } from '../services/jobs/startJob.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { describeRecord } from './describeRecord.ts';

const recordSchema = z.record(z.string(), z.unknown());

/**
 * Starts job `kind` and waits for it; a job that was killed before it had a result gives `{ stopped: true }`. `describe` words the result
 * for people; without it, its values are listed.
 */
export async function runJob(
  kind: string,
  params: Readonly<Record<string, unknown>>,
  { signal, onEvent }: CommandContext,
  describe: (data: Readonly<Record<string, unknown>>) => string = describeRecord,
): Promise<CommandResult> {
  const outcome = await startJob({ kind, params }, { signal, onEvent });
  if (outcome.status === 'cancelled') return { data: { stopped: true }, text: 'Stopped.' };
  const data = recordSchema.parse(outcome.result);
  return { data, text: describe(data) };
}
