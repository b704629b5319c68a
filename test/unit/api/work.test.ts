import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../../src-main/api/app.ts';
import type { SctDetail } from '../../../src-main/api/contract/cases.ts';
import type { ExportPlan } from '../../../src-main/api/contract/exports.ts';
import type { ServerEvent } from '../../../src-main/api/contract/jobs.ts';
import type { ModelDetail, ModelSummary } from '../../../src-main/api/contract/models.ts';
import type { ErrorBody } from '../../../src-main/api/contract/session.ts';
import type {
  CohortView,
  Film,
  Preflight,
  PresetBody,
  RunDetail,
  RunLogPage,
  RunSummary,
} from '../../../src-main/api/contract/training.ts';
import type { SliceHeader } from '../../../src-main/api/contract/volumes.ts';
import type { AppServices } from '../../../src-main/services/appServices.ts';
import { createServices } from '../../../src-main/services/createServices.ts';
import { createDeviceList } from '../../../src-main/services/devices/deviceList.ts';
import { writeFinishedSlice } from '../../../src-main/services/synthesis/finishedSlices.ts';
import { generateJob } from '../../../src-main/services/synthesis/generateJob.ts';
import { origin } from '../../fixtures/apiWorld.ts';
import { testContext } from '../../fixtures/tinyTraining.ts';
import {
  openTinyWorkspace,
  releaseTinyModel,
  trainTinyRun,
  type TinyWorkspace,
} from '../../fixtures/tinyWorkspace.ts';

let tiny: TinyWorkspace;
let services: AppServices;
let request: (path: string, init?: RequestInit) => Promise<Response>;
const events: ServerEvent[] = [];

beforeAll(async () => {
  tiny = await openTinyWorkspace();
  await trainTinyRun(tiny, 'run');
  const modelPath = await releaseTinyModel(tiny, 'run', 'model');
  const { directory } = tiny.workspace;
  await generateJob(
    {
      workspace: directory,
      caseId: 'case0',
      sctId: 'sct-a',
      modelId: 'model',
      modelPath,
      device: 'cpu',
      scratch: join(directory, 'scratch'),
    },
    testContext(),
  );
  const opened = await createServices({
    workspaceDirectory: directory,
    host: { host: 'browser', canOpenPaths: false },
  });
  const devices = createDeviceList(() =>
    Promise.resolve([{ device: 'cpu', title: 'CPU', usable: true, note: '' }]),
  );
  services = { ...opened, devices };
  services.events.subscribe((event) => events.push(event));
  const app = createApp(services, { isOwnOrigin: (name) => name === origin });
  request = async (path, init) => app.request(`${origin}${path}`, init);
});
afterAll(async () => {
  await services.close();
  tiny.dispose();
});

async function get<T>(path: string): Promise<T> {
  const response = await request(path);
  expect(response.status, path).toBe(200);
  return (await response.json()) as T;
}
const send = (method: string, path: string, body: unknown): Promise<Response> =>
  request(path, {
    method,
    headers: { Origin: origin, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
async function refusal(response: Promise<Response>): Promise<[number, string]> {
  const answer = await response;
  return [answer.status, ((await answer.json()) as ErrorBody).error.code];
}
const floats = async (path: string): Promise<Float32Array> =>
  new Float32Array(await (await request(path)).arrayBuffer());

describe('models and devices', () => {
  it('are listed; one model is its card', async () => {
    const models = await get<ModelSummary[]>('/api/models');
    expect(models.map(({ modelId }) => modelId)).toEqual(['model', 'bundled:phantom']);
    const bundled = await get<ModelDetail>(`/api/models/${encodeURIComponent('bundled:phantom')}`);
    expect(bundled).toMatchObject({ origin: 'bundled', card: { schemaVersion: 1 } });
    expect(await refusal(request('/api/models/nowhere'))).toEqual([404, 'MODEL_NOT_FOUND']);
    expect(await get('/api/devices')).toEqual([{ name: 'cpu', usable: true, title: 'CPU', note: '' }]);
  });
});

describe('synthetic CTs', () => {
  it('tell where they lie, and what an export of them would write', async () => {
    expect(await get<SctDetail>('/api/cases/case0/scts/sct-a')).toMatchObject({
      sctId: 'sct-a',
      size: [36, 40, 4],
    });
    const answer = await send('POST', '/api/cases/case0/scts/sct-a/export-plan', { seriesDescription: 'A' });
    const plan = (await answer.json()) as ExportPlan;
    expect(plan).toMatchObject({ files: 4 });
    expect(plan.identifiers.find(({ keyword }) => keyword === 'SeriesDescription')?.value).toBe('A');
    expect(await refusal(send('POST', '/api/cases/case0/scts/sct-x/export-plan', {}))).toEqual([
      404,
      'SCT_NOT_FOUND',
    ]);
    expect(
      await refusal(send('POST', '/api/cases/case0/scts/sct-a/export-plan', { seriesDescription: '' })),
    ).toEqual([400, 'BAD_REQUEST']);
  });

  it('can be looked at slice by slice while they are made', async () => {
    const { jobId } = await services.jobCenter.start({ kind: 'rank' });
    const folder = join(await services.jobCenter.scratchDirectory(jobId), 'slices');
    mkdirSync(folder, { recursive: true });
    const grid = { size: [2, 1, 1], indexToLps: [1, 0, 0, 5, 0, 1, 0, 6, 0, 0, 3, 7] } as const;
    await writeFinishedSlice(folder, { slice: 1, total: 3, grid, hu: Int16Array.of(-1000, 40) });
    const response = await request(`/api/jobs/${jobId}/slices/1`);
    const header = JSON.parse(response.headers.get('Ilium-Slice')!) as SliceHeader;
    expect(header).toEqual({ width: 2, height: 1, indexToLps: [...grid.indexToLps] });
    expect([...new Float32Array(await response.arrayBuffer())]).toEqual([-1000, 40]);
    expect((await request(`/api/jobs/${jobId}/slices/2`)).status).toBe(204);
    expect(await refusal(request(`/api/jobs/${jobId}/slices/..%2F1`))).toEqual([404, 'FILE_NOT_FOUND']);
    expect(await refusal(request('/api/jobs/job-7/slices/1'))).toEqual([404, 'JOB_NOT_FOUND']);
    await services.jobCenter.finished(jobId);
  });

  it('are removed for good', async () => {
    expect((await send('DELETE', '/api/cases/case0/scts/sct-a', {})).status).toBe(204);
    expect(events).toContainEqual({ type: 'changed', what: 'cases' });
    expect(await refusal(request('/api/cases/case0/scts/sct-a'))).toEqual([404, 'SCT_NOT_FOUND']);
  });
});

describe('the cohort', () => {
  it('is edited as a whole, and everyone who listens is told', async () => {
    const edit = { cases: [{ caseId: 'case1', role: 'excluded', reason: 'moved' }] };
    const view = (await (await send('PUT', '/api/cohort', edit)).json()) as CohortView;
    expect(view.cases[1]).toMatchObject({ role: 'excluded', reason: 'moved' });
    expect(await get<CohortView>('/api/cohort')).toEqual(view);
    expect(events).toContainEqual({ type: 'changed', what: 'cohort' });
    const bad = { cases: [{ caseId: 'case1', role: 'boss' }] };
    expect(await refusal(send('PUT', '/api/cohort', bad))).toEqual([400, 'BAD_REQUEST']);
  });

  it('is not edited while it is ranked', async () => {
    const { jobId } = await services.jobCenter.start({ kind: 'rank' });
    expect(await refusal(send('PUT', '/api/cohort', { cases: [] }))).toEqual([409, 'JOB_BUSY']);
    expect(await services.jobCenter.finished(jobId)).toMatchObject({ status: 'done', result: { cases: 2 } });
  });
});

describe('runs', () => {
  it('are listed, with log and film', async () => {
    expect(await get<RunSummary[]>('/api/runs')).toMatchObject([{ run: 'run', status: 'finished' }]);
    expect(await get<RunDetail>('/api/runs/run')).toMatchObject({ config: { method: 'meta' } });
    const page = await get<RunLogPage>('/api/runs/run/log?from=10');
    expect(page).toMatchObject({ next: 11, lines: [{ type: 'epoch', epoch: 2 }] });
    expect(await refusal(request('/api/runs/run/log?from=x'))).toEqual([400, 'BAD_REQUEST']);
    expect(await get<Film>('/api/runs/run/film')).toMatchObject({ epochs: [0, 1, 2] });
    expect(await floats('/api/runs/run/film/slices')).toHaveLength(3 * 2 * 32 * 32);
    expect(await floats('/api/runs/run/film/2')).toEqual(await services.runs.filmFrame('run', 2));
    expect(await refusal(request('/api/runs/run/film/9'))).toEqual([404, 'FILE_NOT_FOUND']);
    expect(await refusal(request('/api/runs/run/film/slices.safetensors'))).toEqual([404, 'FILE_NOT_FOUND']);
    expect(await refusal(request('/api/runs/nowhere'))).toEqual([404, 'RUN_NOT_FOUND']);
  });

  it('that are damaged are listed as broken and say why when they are opened', async () => {
    const folder = join(tiny.workspace.runsDirectory, 'broken');
    mkdirSync(folder);
    writeFileSync(join(folder, 'run.json'), '{');
    expect(await get<RunSummary[]>('/api/runs')).toContainEqual(
      expect.objectContaining({ run: 'broken', status: 'broken' }),
    );
    expect(await refusal(request('/api/runs/broken'))).toEqual([422, 'RECORD_INVALID']);
  });

  it('can be tried before they are started, from presets that are told', async () => {
    const presets = await get<PresetBody[]>('/api/presets');
    expect(presets.map(({ name }) => name)).toEqual(['paper', 'quick']);
    const answer = await send('POST', '/api/runs/preflight', {
      method: 'meta',
      preset: 'quick',
      device: 'cpu',
    });
    expect((await answer.json()) as Preflight).toMatchObject({
      device: 'cpu',
      trainSlices: 4,
      metaSlices: 4,
    });
    expect(await refusal(send('POST', '/api/runs/preflight', { preset: 'quick' }))).toEqual([
      400,
      'BAD_REQUEST',
    ]);
  });
});
