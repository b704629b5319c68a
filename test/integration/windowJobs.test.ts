/** The work the window starts, in real worker processes behind the job center, on tiny phantoms: as a person does it, cancel included. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExportResult } from '../../src-main/api/contract/exports.ts';
import type { ImportResult, JobSnapshot, JobStart, ServerEvent } from '../../src-main/api/contract/jobs.ts';
import type { AppServices } from '../../src-main/services/appServices.ts';
import { createServices } from '../../src-main/services/createServices.ts';
import { loadStudyVolume } from '../../src-main/services/importer/loadStudyVolume.ts';
import { sctsDirectory } from '../../src-main/services/library/sctRecord.ts';
import { tinySettings } from '../fixtures/tinyTraining.ts';

let root: string;
let services: AppServices;
const events: ServerEvent[] = [];
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'ilium-window-'));
  services = await createServices({
    workspaceDirectory: root,
    host: { host: 'browser', canOpenPaths: false },
  });
  services.events.subscribe((event) => events.push(event));
});
afterAll(async () => {
  await services.close();
  rmSync(root, { recursive: true, force: true });
});

async function run(start: JobStart): Promise<JobSnapshot> {
  const { jobId } = await services.jobCenter.start(start);
  return services.jobCenter.finished(jobId);
}

/** Waits for an event of the window. */
async function heard(matches: (event: ServerEvent) => boolean): Promise<void> {
  while (!events.some(matches)) await sleep(10);
}

async function phantomCase(): Promise<string> {
  const job = await run({ kind: 'phantom-study' });
  expect(job).toMatchObject({ status: 'done', error: null });
  return (job.result as ImportResult).cases[0]!.caseId;
}

const model = { modelId: 'bundled:phantom', device: 'cpu' } as const;

describe('from nothing to a planning system', () => {
  let caseId: string;
  let sctId: string;
  beforeAll(async () => {
    caseId = await phantomCase();
  });

  it('the bundled model makes an sCT whose slices are seen while it is made', async () => {
    const { jobId } = await services.jobCenter.start({ kind: 'generate', caseId, ...model });
    await heard((event) => event.type === 'slice' && event.jobId === jobId);
    const scratch = await services.jobCenter.scratchDirectory(jobId);
    const { header, bytes } = await services.scts.finishedSlice(scratch, 0);
    expect(bytes.length).toBe(4 * header.width * header.height);
    const job = await services.jobCenter.finished(jobId);
    expect(job).toMatchObject({ status: 'done', result: { caseId } });
    ({ sctId } = job.result as { sctId: string });
    const [summary] = (await services.library.read(caseId)).scts;
    expect(summary).toMatchObject({ sctId, modelName: 'Phantom pelvis' });
    expect(summary!.maeHu).toBeLessThan(200);
    await expect(services.scts.finishedSlice(scratch, 0)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  });

  it('an export is what its plan showed, is read back as that series, and is made once', async () => {
    const plan = await services.exportPlans.create(caseId, sctId, {});
    const shown = (keyword: string) => plan.identifiers.find((one) => one.keyword === keyword)!.value;
    const job = await run({ kind: 'export', caseId, sctId, format: 'dicom', planId: plan.planId });
    expect(job).toMatchObject({ status: 'done', error: null });
    const { path, receipt } = job.result as ExportResult;
    expect(path).toBe(plan.directory);
    expect(receipt).toMatchObject({
      files: plan.files,
      seriesInstanceUid: shown('SeriesInstanceUID'),
      studyInstanceUid: shown('StudyInstanceUID'),
      frameOfReferenceUid: shown('FrameOfReferenceUID'),
    });
    expect((await loadStudyVolume(path, { modality: 'CT' })).source?.seriesInstanceUid).toBe(
      shown('SeriesInstanceUID'),
    );
    await expect(
      services.jobCenter.start({ kind: 'export', caseId, sctId, format: 'dicom', planId: plan.planId }),
    ).rejects.toMatchObject({ code: 'PLAN_EXPIRED' });
  });

  it('stopping or killing a generation leaves nothing behind', async () => {
    for (const isForced of [false, true]) {
      const { jobId } = await services.jobCenter.start({ kind: 'generate', caseId, ...model });
      await heard((event) => event.type === 'slice' && event.jobId === jobId && event.slice >= 2);
      services.jobCenter.cancel(jobId, isForced);
      expect(await services.jobCenter.finished(jobId)).toMatchObject({ status: 'cancelled', result: null });
      expect(readdirSync(sctsDirectory(services.workspace, caseId))).toEqual([sctId]);
      expect(existsSync(join(await services.jobCenter.scratchDirectory(jobId), 'slices'))).toBe(false);
    }
  });
});

describe('from a cohort to a model', () => {
  it('trains, pauses, goes on and is released', async () => {
    const cohort = await run({ kind: 'phantom-cohort', cases: 4 });
    expect(cohort).toMatchObject({ status: 'done', error: null });
    const differences = { ...tinySettings, spacingMm: [8, 8], slicesPerEpoch: 8, warmupEpochs: 0 };
    const request = { method: 'meta', preset: 'quick', differences, device: 'cpu' } as const;
    expect(await services.preflight(request)).toMatchObject({ problems: [], steps: 8 });

    const { jobId } = await services.jobCenter.start({ kind: 'train', ...request });
    await heard((event) => event.type === 'run' && event.step >= 2);
    const [training] = await services.runs.list();
    const name = training!.run;
    expect(training).toMatchObject({ status: 'running' });
    await expect(services.jobCenter.start({ kind: 'resume', run: name })).rejects.toMatchObject({
      code: 'JOB_BUSY',
    });
    services.jobCenter.cancel(jobId, false);
    expect((await services.jobCenter.finished(jobId)).result).toMatchObject({ run: name });
    const paused = await services.runs.read(name);
    expect(paused.status).toBe(paused.step === 8 ? 'finished' : 'stopped');

    expect(await run({ kind: 'resume', run: name, device: 'cpu' })).toMatchObject({
      status: 'done',
      result: { run: name, status: 'finished', step: 8 },
    });
    expect((await services.runs.film(name)).epochs).toEqual([0, 1, 2]);

    const released = await run({ kind: 'release', run: name, name: 'Tiny one' });
    expect(released).toMatchObject({ status: 'done', result: { modelId: 'Tiny-one' } });
    expect(await services.models.detail('Tiny-one')).toMatchObject({ name: 'Tiny one', origin: 'workspace' });
    await expect(
      services.jobCenter.start({ kind: 'release', run: name, name: 'Tiny one' }),
    ).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
  });

  it.each(['pgan', 'reg-pgan', 'ctx-pgan', 'meta'] as const)(
    'trains %s with all its losses',
    async (method) => {
      const differences = {
        ...tinySettings,
        features: 'random',
        spacingMm: [8, 8],
        slicesPerEpoch: 4,
        warmupEpochs: 0,
      };
      const request = { method, preset: 'quick', differences, device: 'cpu' } as const;
      expect(await services.preflight(request)).toMatchObject({ problems: [] });
      const trained = await run({ kind: 'train', ...request });
      expect(trained).toMatchObject({ status: 'done', error: null, result: { status: 'finished' } });
      const { run: name } = trained.result as { run: string };
      expect(await services.runs.read(name)).toMatchObject({ method, status: 'finished' });
    },
  );
});
