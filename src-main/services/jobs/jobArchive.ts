/**
 * Jobs on disk: `jobs/<jobId>/job.json` and `log.txt` beside what the job leaves for the window while it runs. A job that was running when
 * the program ended is found again as failed. Results and errors of private jobs (an import's paths may name patients) are not kept.
 */
import { appendFile, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { JobKind, JobSnapshot } from '../../api/contract/jobs.ts';
import { AppError } from '../../shared/appError.ts';
import { isLeftBehind, processMark } from '../../workflows/files/processMark.ts';
import { readRecord, writeRecord } from '../../workflows/files/record.ts';
import { systemCode } from '../../workflows/files/toWriteError.ts';
import { errorBody } from './errorBody.ts';

const jobKinds = [
  'import',
  'phantom-study',
  'phantom-cohort',
  'generate',
  'export',
  'rank',
  'register',
  'train',
  'resume',
  'release',
  'compare',
  'retrieve',
  'send',
] as const satisfies readonly JobKind[];

const snapshotSchema: z.ZodType<JobSnapshot> = z.object({
  jobId: z.string(),
  kind: z.enum(jobKinds),
  subject: z.string(),
  status: z.enum(['running', 'stopping', 'done', 'cancelled', 'failed']),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  progress: z.object({ step: z.string(), done: z.number(), total: z.number() }).nullable(),
  secondsLeft: z.number().nullable(),
  memoryMiB: z.number().nullable(),
  heardAt: z.string(),
  message: z.string().nullable(),
  error: z
    .object({
      code: z.string(),
      message: z.string(),
      details: z.record(z.string(), z.union([z.string(), z.number()])),
    })
    .nullable(),
  result: z.unknown(),
});

/** `owner`: the process that runs it (`processMark`). */
const recordSchema = z.object({ schemaVersion: z.literal(1), owner: z.string(), job: snapshotSchema });

const jobIdSchema = z.string().regex(/^job-[0-9a-f-]{36}$/);

const youngestLeftoverMs = 60 * 60_000;

export interface JobArchive {
  /** Finished jobs, the oldest first; what cannot be read is left out, and removed after an hour. */
  load(): Promise<JobSnapshot[]>;
  save(job: JobSnapshot, isPrivate: boolean): Promise<void>;
  appendLog(jobId: string, line: string): Promise<void>;
  readLog(jobId: string): Promise<string>;
  remove(jobId: string): Promise<void>;
  /** The job's own folder, made when it is asked for. */
  directory(jobId: string): Promise<string>;
}

/** Keeps jobs in `root`. */
export function createJobArchive(root: string): JobArchive {
  const folderOf = (jobId: string): string => {
    if (!jobIdSchema.safeParse(jobId).success) throw new AppError('JOB_NOT_FOUND', { job: jobId });
    return join(root, jobId);
  };
  const recordPath = (jobId: string): string => join(folderOf(jobId), 'job.json');
  const logPath = (jobId: string): string => join(folderOf(jobId), 'log.txt');
  const remove = (jobId: string): Promise<void> => rm(folderOf(jobId), { recursive: true, force: true });

  return {
    remove,
    async load() {
      await mkdir(root, { recursive: true });
      const jobs: JobSnapshot[] = [];
      for (const name of await readdir(root)) {
        if (!jobIdSchema.safeParse(name).success) continue;
        try {
          const { job, owner } = await readRecord(recordPath(name), recordSchema);
          if (job.endedAt !== null) jobs.push(job);
          // What another window of this workspace runs is its own.
          else if (isLeftBehind(owner)) jobs.push(interrupted(job));
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          if (await isOld(folderOf(name))) await remove(name);
        }
      }
      return jobs.sort((a, b) => a.startedAt.localeCompare(b.startedAt));
    },
    save: (job, isPrivate) =>
      writeRecord(recordPath(job.jobId), recordSchema, {
        schemaVersion: 1,
        owner: processMark,
        job: isPrivate ? withoutNames(job) : job,
      }),
    appendLog: (jobId, line) => appendFile(logPath(jobId), `${line}\n`),
    async readLog(jobId) {
      try {
        return await readFile(logPath(jobId), 'utf8');
      } catch (error) {
        if (systemCode(error) === 'ENOENT') return '';
        throw error;
      }
    },
    async directory(jobId) {
      const folder = folderOf(jobId);
      await mkdir(folder, { recursive: true });
      return folder;
    },
  };
}

/** A folder without a readable record may be that of a job which another window has only just started. */
async function isOld(folder: string): Promise<boolean> {
  const found = await stat(folder).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > youngestLeftoverMs;
}

function interrupted(job: JobSnapshot): JobSnapshot {
  const error = errorBody(new AppError('WORKER_ENDED', { reason: 'the program ended' }));
  return { ...job, status: 'failed', endedAt: job.heardAt, secondsLeft: null, error };
}

function withoutNames(job: JobSnapshot): JobSnapshot {
  const { error } = job;
  const details = error && Object.fromEntries(Object.keys(error.details).map((key) => [key, '…']));
  return {
    ...job,
    message: null,
    result: null,
    error: error && { code: error.code, message: error.code, details: details ?? {} },
  };
}
