import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jobKinds } from '../../../../src-main/services/jobs/jobKinds.ts';
import type { PreparedJob, PrepareJob } from '../../../../src-main/services/jobs/preparedJob.ts';
import { createWindowJobs } from '../../../../src-main/services/jobs/windowJobs.ts';
import { AppError } from '../../../../src-main/shared/appError.ts';
import type { JobEvent } from '../../../../src-main/shared/jobEvent.ts';
import type { OpenedNode } from '../../../../src-main/services/settings/networkSettings.ts';
import { openTinyWorkspace, trainTinyRun, type TinyWorkspace } from '../../../fixtures/tinyWorkspace.ts';

let tiny: TinyWorkspace;
let scratch: string;
let prepare: PrepareJob;
const removed: string[] = [];
beforeAll(async () => {
  tiny = await openTinyWorkspace();
  await trainTinyRun(tiny, 'run', 'pgan', 1);
  scratch = mkdtempSync(join(tmpdir(), 'ilium-scratch-'));
  prepare = createWindowJobs({
    workspace: tiny.workspace,
    models: { pathOf: (modelId) => Promise.resolve(`/models/${modelId}`) },
    exportPlans: {
      take: () => {
        throw new AppError('PLAN_EXPIRED');
      },
    },
    // A node's id is the node itself.
    network: { open: (node) => Promise.resolve({ node: JSON.parse(node) } as OpenedNode) },
    uploads: {
      directory: (upload) => Promise.resolve(`/uploads/${upload}`),
      remove: (upload) => Promise.resolve(void removed.push(upload)),
    },
    scratchDirectory: (jobId) => Promise.resolve(join(scratch, jobId)),
    deviceFor: (wanted = 'cpu') => Promise.resolve(wanted),
    resampleUneven: () => Promise.resolve(true),
  });
});
afterAll(() => {
  tiny.dispose();
  rmSync(scratch, { recursive: true, force: true });
});

const paramsOf = ({ request }: PreparedJob): Record<string, unknown> =>
  request.params as Record<string, unknown>;
const refuses = (start: unknown, code: string, words?: RegExp): Promise<void> =>
  expect(prepare(start, 'job')).rejects.toMatchObject({
    code,
    ...(words ? { message: expect.stringMatching(words) } : {}),
  });

describe('what the window may start', () => {
  it('is refused in words when it is nothing that is known', async () => {
    await refuses(null, 'BAD_REQUEST');
    await refuses({ kind: 'toString' }, 'BAD_REQUEST', /kind/);
    await refuses({ kind: 'synthesize', mr: '/etc' }, 'BAD_REQUEST', /kind/);
    await refuses({ kind: 'train', method: 'cyclegan', preset: 'quick' }, 'BAD_REQUEST', /method/);
    await refuses({ kind: 'rank', top: 2 }, 'BAD_REQUEST', /top/);
  });

  it('imports absolute paths and uploads, and removes the upload afterwards', async () => {
    await refuses({ kind: 'import' }, 'BAD_REQUEST', /nothing to import/);
    await refuses({ kind: 'import', paths: ['relative'] }, 'BAD_REQUEST', /absolute/);
    const prepared = await prepare({ kind: 'import', paths: ['/data'], upload: 'u1' }, 'job');
    expect(paramsOf(prepared)).toMatchObject({ paths: ['/data', '/uploads/u1'] });
    expect(prepared).toMatchObject({ isPrivate: true, changes: ['cases', 'cohort'] });
    await prepared.cleanUp?.();
    expect(removed).toEqual(['u1']);
  });

  it('resamples uneven slices as the settings say, unless it is told', async () => {
    const resampled = async (choice: object): Promise<unknown> =>
      paramsOf(await prepare({ kind: 'import', paths: ['/data'], ...choice }, 'job'))['resample'];
    expect(await resampled({})).toBe(true);
    expect(await resampled({ resample: false })).toBe(false);
  });

  it('names a worker that exists for every kind', async () => {
    const starts = [
      { kind: 'import', paths: ['/data'] },
      { kind: 'phantom-study' },
      { kind: 'phantom-cohort', cases: 4 },
      { kind: 'generate', caseId: 'case0', modelId: 'm' },
      { kind: 'rank' },
      { kind: 'register', caseId: 'case0' },
      { kind: 'train', method: 'meta', preset: 'quick' },
      { kind: 'resume', run: 'run' },
      { kind: 'release', run: 'run', name: 'Model' },
      { kind: 'compare', runs: ['run'] },
    ];
    for (const start of starts) {
      const prepared = await prepare(start, 'job');
      expect(prepared.kind).toBe(start.kind);
      expect(Object.keys(jobKinds)).toContain(prepared.request.kind);
      expect(prepared.subject).not.toContain('label');
    }
  });

  it('says at once what is not there', async () => {
    await refuses({ kind: 'generate', caseId: 'nobody', modelId: 'm' }, 'CASE_NOT_FOUND');
    await refuses({ kind: 'resume', run: 'nowhere' }, 'RUN_NOT_FOUND');
    await refuses({ kind: 'release', run: '../run', name: 'Model' }, 'RUN_NOT_FOUND');
    await refuses({ kind: 'compare', runs: ['run', 'nowhere'] }, 'RUN_NOT_FOUND');
    await refuses({ kind: 'export', caseId: 'case0', sctId: 'sct-x', format: 'dicom' }, 'SCT_NOT_FOUND');
  });

  it('does not resume a run that another process works on', async () => {
    const lock = join(tiny.workspace.runsDirectory, 'run', 'run.lock');
    writeFileSync(lock, JSON.stringify({ pid: process.ppid, host: hostname(), since: '' }));
    await refuses({ kind: 'resume', run: 'run' }, 'JOB_BUSY', /run is being worked on/);
    rmSync(lock);
    expect(paramsOf(await prepare({ kind: 'resume', run: 'run' }, 'job'))).toMatchObject({
      resume: 'run',
      device: 'cpu',
    });
  });

  it('compares one after the other, each into a folder of its own that is the subject', async () => {
    await refuses({ kind: 'compare', runs: [] }, 'BAD_REQUEST', /runs/);
    const prepared = await prepare({ kind: 'compare', runs: ['run'], cases: ['case2'] }, 'job');
    const { out, ...params } = paramsOf(prepared);
    expect(params).toMatchObject({ runs: ['run'], cases: ['case2'], device: 'cpu' });
    expect(out).toBe(join(tiny.workspace.exportsDirectory, prepared.subject));
    expect(prepared).toMatchObject({ exclusiveKey: 'compare', changes: ['comparisons'] });
    mkdirSync(out as string);
    expect((await prepare({ kind: 'compare', runs: ['run'] }, 'job')).subject).not.toBe(prepared.subject);
  });

  it.each([{ kind: 'web' }, { kind: 'dimse', retrieve: 'get' }, { kind: 'dimse', retrieve: 'move' }])(
    'retrieves from $kind $retrieve while nothing else writes cases and cohort',
    async (node) => {
      const retrieve = {
        kind: 'retrieve',
        nodeId: JSON.stringify(node),
        targets: [{ studyInstanceUid: '1.2' }],
      };
      const prepared = await prepare(retrieve, 'job');
      const keys = [{ kind: 'register', caseId: 'case0' }, { kind: 'rank' }].map(
        async (start) => (await prepare(start, 'job')).exclusiveKey,
      );
      expect(await Promise.all(keys)).toEqual([prepared.exclusiveKey, prepared.exclusiveKey]);
      expect(prepared.exclusiveKey).toBeDefined();
    },
  );

  it('takes the device of the settings unless one is named', async () => {
    const train = { kind: 'train', method: 'meta', preset: 'quick', differences: { seed: 2 } };
    expect(paramsOf(await prepare(train, 'job'))).toMatchObject({ device: 'cpu', differences: { seed: 2 } });
    expect(paramsOf(await prepare({ ...train, device: 'cuda' }, 'job'))).toMatchObject({ device: 'cuda' });
  });
});

describe('what a job tells the window while it runs', () => {
  const told = async (start: unknown, event: JobEvent) =>
    (await prepare(start, 'job-1')).toServerEvents?.(event);

  it('is each finished slice of a generation', async () => {
    const start = { kind: 'generate', caseId: 'case0', modelId: 'm' };
    expect(await told(start, { type: 'data', data: { slice: 2, total: 9 } })).toEqual([
      { type: 'slice', jobId: 'job-1', slice: 2, total: 9 },
    ]);
    expect(await told(start, { type: 'log', level: 'info', message: 'text' })).toEqual([]);
  });

  it('is the new run, then its steps', async () => {
    const start = { kind: 'train', method: 'meta', preset: 'quick' };
    expect(await told(start, { type: 'log', level: 'info', message: 'Run r', data: { run: 'r' } })).toEqual([
      { type: 'changed', what: 'runs' },
    ]);
    expect(await told(start, { type: 'data', data: { run: 'r', step: 3, epoch: 1 } })).toEqual([
      { type: 'run', run: 'r', step: 3, epoch: 1 },
    ]);
  });
});

it('after a generation its slices and half-written folders of killed workers are gone', async () => {
  const { cleanUp, ...prepared } = await prepare(
    { kind: 'generate', caseId: 'case0', modelId: 'm' },
    'job-2',
  );
  const slices = String(paramsOf(prepared)['scratch']);
  mkdirSync(slices, { recursive: true });
  writeFileSync(join(slices, '0.f32'), '');
  await cleanUp?.();
  expect(existsSync(slices)).toBe(false);
});
