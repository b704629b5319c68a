/**
 * What the window may start: of every JobStart its schema, the worker's request and what the job center has to know of it. Names are
 * resolved here (model → folder, upload → folder, plan → UIDs), so that the workers know nothing of the window.
 */
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { basename, isAbsolute, join } from 'node:path';
import { z } from 'zod';
import type { JobKind, JobStart, ServerEvent } from '../../api/contract/jobs.ts';
import { AppError } from '../../shared/appError.ts';
import { trainingMethods } from '../../shared/trainingMethods.ts';
import type { JobEvent } from '../../shared/jobEvent.ts';
import { overrideReasonSchema } from '../../workflows/gate/gateReport.ts';
import { fileExists } from '../../workflows/files/fileExists.ts';
import { describeZodError } from '../../workflows/files/describeZodError.ts';
import { sweepPartials } from '../../workflows/files/temporaryName.ts';
import { timeStamp } from '../../workflows/files/timeStamp.ts';
import type { ExportPlans } from '../exporter/exportPlans.ts';
import { freeExportPath } from '../exporter/freeExportPath.ts';
import { readSct } from '../library/readSct.ts';
import { sctsDirectory } from '../library/sctRecord.ts';
import type { ModelLibrary } from '../models/modelLibrary.ts';
import { modelFolder } from '../models/modelFolder.ts';
import { exportedSeries } from '../pacs/exportedSeries.ts';
import { retrieveTargetSchema } from '../pacs/retrieveJob.ts';
import type { NetworkSettings } from '../settings/networkSettings.ts';
import { finishedSlicesDirectory } from '../synthesis/finishedSlices.ts';
import { rigidTransformSchema } from '../registration/registrationRecord.ts';
import { requireRun } from '../training/requireRun.ts';
import { runningProcess } from '../training/runLock.ts';
import type { Uploads } from '../uploads/uploads.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';
import type { ChangedPart, PreparedJob, PrepareJob } from './preparedJob.ts';

export interface WindowJobContext {
  readonly workspace: Workspace;
  readonly models: Pick<ModelLibrary, 'pathOf'>;
  readonly exportPlans: Pick<ExportPlans, 'take'>;
  readonly uploads: Pick<Uploads, 'directory' | 'remove'>;
  readonly network: Pick<NetworkSettings, 'open'>;
  /** The job's own folder; it is removed with the job. */
  readonly scratchDirectory: (jobId: string) => Promise<string>;
  /** Whether uneven slices are to be resampled (settings). */
  readonly resampleUneven: () => Promise<boolean>;
  /** The device to run on, for what is asked for: that of the settings where that is nothing. */
  readonly deviceFor: (wanted?: string) => Promise<string>;
}

type Start<K extends JobKind> = Extract<JobStart, { kind: K }>;
type Preparation = Omit<PreparedJob, 'kind'>;

type PrepareKind = (start: unknown, context: WindowJobContext, jobId: string) => Promise<Preparation>;

/** A row of the table: what is asked for must fit `schema`. */
function row<S>(
  schema: z.ZodType<S>,
  prepare: (start: S, context: WindowJobContext, jobId: string) => Promise<Preparation> | Preparation,
): PrepareKind {
  return async (start, context, jobId) => {
    const parsed = schema.safeParse(start);
    if (!parsed.success) throw badRequest(parsed.error);
    return prepare(parsed.data, context, jobId);
  };
}

const text = z.string().min(1);
const device = { device: text.exactOptional() };
const imported = ['cases', 'cohort'] as const satisfies readonly ChangedPart[];

const windowJobs: { readonly [K in JobKind]: PrepareKind } = {
  import: row<Start<'import'>>(
    z.object({
      kind: z.literal('import'),
      paths: z.array(text.refine(isAbsolute, 'must be absolute')).min(1).exactOptional(),
      upload: text.exactOptional(),
      resample: z.boolean().exactOptional(),
    }),
    async ({ paths = [], upload, resample }, { workspace, uploads, resampleUneven }) => {
      const uploadFolder = upload === undefined ? undefined : await uploads.directory(upload);
      const all = uploadFolder === undefined ? paths : [...paths, uploadFolder];
      if (all.length === 0) throw new AppError('BAD_REQUEST', { reason: 'there is nothing to import' });
      return {
        request: {
          kind: 'import',
          params: {
            workspace: workspace.directory,
            paths: all,
            uploadFolder,
            resample: resample ?? (await resampleUneven()),
          },
        },
        subject: '',
        isPrivate: true,
        changes: imported,
        ...(upload === undefined ? {} : { cleanUp: () => uploads.remove(upload) }),
      };
    },
  ),
  'phantom-study': row<Start<'phantom-study'>>(
    z.object({ kind: z.literal('phantom-study'), seed: z.int().nonnegative().exactOptional() }),
    ({ seed }, { workspace }) => ({
      request: { kind: 'phantom-study', params: { workspace: workspace.directory, seed } },
      subject: 'phantom',
      changes: imported,
    }),
  ),
  'phantom-cohort': row<Start<'phantom-cohort'>>(
    z.object({
      kind: z.literal('phantom-cohort'),
      cases: z.int().min(4).max(100).exactOptional(),
    }),
    ({ cases }, { workspace }) => ({
      request: { kind: 'phantom-cohort', params: { workspace: workspace.directory, cases } },
      subject: 'phantom',
      exclusiveKey: 'cohort',
      changes: imported,
    }),
  ),
  generate: row<Start<'generate'>>(
    z.object({
      kind: z.literal('generate'),
      caseId: text,
      modelId: text,
      override: overrideReasonSchema.exactOptional(),
      ...device,
    }),
    async ({ caseId, modelId, override, device: wanted }, context, jobId) => {
      const { workspace, models, scratchDirectory } = context;
      await workspace.readCase(caseId);
      const scratch = finishedSlicesDirectory(await scratchDirectory(jobId));
      return {
        request: {
          kind: 'generate',
          params: {
            workspace: workspace.directory,
            caseId,
            sctId: newSctId(),
            modelId,
            modelPath: await models.pathOf(modelId),
            device: await context.deviceFor(wanted),
            scratch,
            override,
          },
        },
        subject: caseId,
        changes: ['cases'],
        toServerEvents: sliceEvents(jobId),
        cleanUp: async () => {
          await rm(scratch, { recursive: true, force: true });
          // A job that had to be killed may have left a half-written folder.
          const scts = sctsDirectory(workspace, caseId);
          if (await fileExists(scts)) await sweepPartials(scts);
        },
      };
    },
  ),
  export: row<Start<'export'>>(
    z.object({
      kind: z.literal('export'),
      caseId: text,
      sctId: text,
      format: z.enum(['dicom', 'nifti']),
      planId: text.exactOptional(),
      directory: text.refine(isAbsolute, 'must be absolute').exactOptional(),
      structures: z.boolean().exactOptional(),
    }),
    async ({ caseId, sctId, format, planId, directory, structures }, { workspace, exportPlans }) => {
      await readSct(workspace, caseId, sctId);
      const plan = planId === undefined ? undefined : exportPlans.take(planId, caseId, sctId);
      const { directory: planned, ...choices } = plan ?? { createdAt: new Date().toISOString(), grid: 'mr' };
      const place = directory ?? workspace.exportsDirectory;
      const isElsewhere = directory !== undefined || planned === undefined;
      const ending = format === 'nifti' ? '.nii.gz' : '';
      const out =
        isElsewhere || format === 'nifti'
          ? await freeExportPath(place, `${caseId}-${sctId}`, ending)
          : planned;
      return {
        request: {
          kind: 'export',
          params: { workspace: workspace.directory, caseId, sctId, format, out, structures, ...choices },
        },
        subject: `${caseId} ${sctId}`,
        exclusiveKey: `export:${out}`,
      };
    },
  ),
  rank: row<Start<'rank'>>(
    z.object({ kind: z.literal('rank'), top: z.number().gt(0).max(1).exactOptional() }),
    ({ top }, { workspace }) => ({
      request: { kind: 'rank', params: { workspace: workspace.directory, top } },
      subject: 'cohort',
      exclusiveKey: 'cohort',
      changes: ['cohort'],
    }),
  ),
  register: row<Start<'register'>>(
    z.object({
      kind: z.literal('register'),
      caseId: text,
      fixed: z.enum(['mr', 'ct']).exactOptional(),
      placement: rigidTransformSchema.exactOptional(),
    }),
    async ({ kind, ...settings }, { workspace }) => {
      const { mr, ct } = await workspace.readCase(settings.caseId);
      if (!mr || !ct)
        throw new AppError('CASE_NO_PAIR', { case: settings.caseId, missing: mr ? 'CT' : 'MR' });
      return {
        request: { kind, params: { workspace: workspace.directory, ...settings } },
        subject: settings.caseId,
        // Its end is written into the cohort, as a ranking is.
        exclusiveKey: 'cohort',
        changes: imported,
      };
    },
  ),
  train: row<Start<'train'>>(
    z.object({
      kind: z.literal('train'),
      method: z.enum(trainingMethods),
      preset: text,
      differences: z.record(z.string(), z.unknown()).exactOptional(),
      ...device,
    }),
    async ({ kind, device: wanted, ...settings }, { workspace, deviceFor }) => ({
      request: {
        kind,
        params: { workspace: workspace.directory, ...settings, device: await deviceFor(wanted) },
      },
      subject: settings.method,
      subjectOf: runOf,
      changes: ['runs', 'cases', 'cohort'],
      toServerEvents: runEvents,
    }),
  ),
  resume: row<Start<'resume'>>(
    z.object({ kind: z.literal('resume'), run: text, ...device }),
    async ({ run, device: wanted }, { workspace, deviceFor }) => {
      const { folder } = await requireRun(workspace, run);
      if ((await runningProcess(folder)) !== null) throw new AppError('JOB_BUSY', { subject: run });
      const params = {
        workspace: workspace.directory,
        resume: run,
        device: await deviceFor(wanted),
      };
      return {
        request: { kind: 'train', params },
        subject: run,
        exclusiveKey: `run:${run}`,
        changes: ['runs', 'cases', 'cohort'],
        toServerEvents: runEvents,
      };
    },
  ),
  release: row<Start<'release'>>(
    z.object({ kind: z.literal('release'), run: text, name: z.string().trim().min(1).max(64) }),
    async ({ run, name }, { workspace }) => {
      await requireRun(workspace, run);
      const out = await modelFolder(workspace.modelsDirectory, name);
      return {
        request: { kind: 'export-model', params: { workspace: workspace.directory, run, name, out } },
        subject: run,
        changes: ['models'],
      };
    },
  ),
  compare: row<Start<'compare'>>(
    z.object({
      kind: z.literal('compare'),
      runs: z.array(text).min(1),
      cases: z.array(text).min(1).exactOptional(),
      ...device,
    }),
    async ({ runs, cases, device: wanted }, { workspace, deviceFor }) => {
      for (const run of runs) await requireRun(workspace, run);
      const out = await freeExportPath(workspace.exportsDirectory, `compare-${timeStamp()}`, '');
      const params = { workspace: workspace.directory, runs, cases, out, device: await deviceFor(wanted) };
      return {
        request: { kind: 'compare', params },
        subject: basename(out),
        // Two at once would make the same sCTs.
        exclusiveKey: 'compare',
        changes: ['comparisons'],
      };
    },
  ),
  retrieve: row<Start<'retrieve'>>(
    z.object({
      kind: z.literal('retrieve'),
      nodeId: text,
      targets: z.array(retrieveTargetSchema).min(1).max(1000),
    }),
    async ({ nodeId, targets }, { workspace, network, scratchDirectory }, jobId) => {
      const opened = await network.open(nodeId);
      const scratch = join(await scratchDirectory(jobId), 'received');
      return {
        request: {
          kind: 'retrieve',
          params: { ...opened, workspace: workspace.directory, targets, scratch },
        },
        subject: opened.node.name,
        // What comes is imported: cases and cohort are written, as registering and ranking do. This also keeps two from listening on the one
        // port of our receiver.
        exclusiveKey: 'cohort',
        isPrivate: true,
        changes: imported,
        cleanUp: () => rm(scratch, { recursive: true, force: true }),
      };
    },
  ),
  send: row<Start<'send'>>(
    z.object({
      kind: z.literal('send'),
      nodeId: text,
      path: text.refine(isAbsolute, 'must be absolute'),
    }),
    async ({ nodeId, path }, { workspace, network }) => {
      const opened = await network.open(nodeId);
      await exportedSeries(path);
      return {
        request: { kind: 'send', params: { ...opened, path, workspace: workspace.directory } },
        subject: opened.node.name,
        exclusiveKey: `send:${nodeId}:${path}`,
      };
    },
  ),
};

/** Parses and prepares what the window asks for. Throws BAD_REQUEST, and whatever says that it cannot start. */
export function createWindowJobs(context: WindowJobContext): PrepareJob {
  return async (start, jobId) => {
    const named = z.object({ kind: z.enum(jobKindNames) }).safeParse(start);
    if (!named.success) throw badRequest(named.error);
    const { kind } = named.data;
    return { kind, ...(await windowJobs[kind](start, context, jobId)) };
  };
}

const jobKindNames = Object.keys(windowJobs) as JobKind[];

const badRequest = (error: z.ZodError): AppError =>
  new AppError('BAD_REQUEST', { reason: describeZodError(error) });

function newSctId(): string {
  return `sct-${timeStamp()}-${randomBytes(2).toString('hex')}`;
}

const sliceSchema = z.object({ slice: z.number(), total: z.number() });

function sliceEvents(jobId: string): (event: JobEvent) => readonly ServerEvent[] {
  return (event) => {
    const parsed = event.type === 'data' ? sliceSchema.safeParse(event.data) : undefined;
    return parsed?.success ? [{ type: 'slice', jobId, ...parsed.data }] : [];
  };
}

const stepSchema = z.object({ run: z.string(), step: z.number(), epoch: z.number() });

/** The name of the run, once it has one. */
function runOf(event: JobEvent): string | null {
  const run = event.type === 'log' ? event.data?.['run'] : undefined;
  return typeof run === 'string' ? run : null;
}

/** Steps and epochs; a run that has got its name is new in the list of runs. */
function runEvents(event: JobEvent): readonly ServerEvent[] {
  if (event.type === 'log' && event.data?.['run'] !== undefined) return [{ type: 'changed', what: 'runs' }];
  const parsed = event.type === 'data' ? stepSchema.safeParse(event.data) : undefined;
  return parsed?.success ? [{ type: 'run', ...parsed.data }] : [];
}
