import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CaseDetail, CaseSummary } from '../../../src-main/api/contract/cases.ts';
import type { VolumeHeader } from '../../../src-main/api/contract/volumes.ts';
import { openApiWorld, smallAffine, storeSmallCase, type ApiWorld } from '../../fixtures/apiWorld.ts';

let world: ApiWorld;
beforeEach(async () => {
  world = await openApiWorld({ testJobs: true });
  await storeSmallCase(world.services.workspace, 'case-1');
});
afterEach(() => world.dispose());

const json = async <T>(path: string): Promise<T> => (await (await world.request(path)).json()) as T;
const headerOf = (response: Response): VolumeHeader =>
  JSON.parse(response.headers.get('Ilium-Volume') ?? 'null') as VolumeHeader;

describe('cases', () => {
  it('are listed with their images, read from headers alone', async () => {
    expect(await json<CaseSummary[]>('/api/cases')).toEqual([
      {
        caseId: 'case-1',
        label: 'label of case-1',
        importedAt: '2026-01-02T03:04:05.000Z',
        mr: {
          name: 'mr.nii.gz',
          size: [8, 6, 3],
          indexToLps: [...smallAffine],
          spacingMm: [2, 2, 3],
          orientation: 'axial',
          obliqueDegrees: 0,
        },
        ct: null,
        hasMask: false,
        hasWeight: false,
        scts: [],
      },
    ]);
  });

  it('whose images cannot be read stay in the list, and say why', async () => {
    rmSync(join(world.folder, 'cases/case-1/mr.nii'));
    const [summary] = await json<CaseSummary[]>('/api/cases');
    expect(summary).toMatchObject({ caseId: 'case-1', mr: null });
    const { findings } = await json<CaseDetail>('/api/cases/case-1');
    expect(findings).toMatchObject([
      { code: 'file-failed', severity: 'error', details: { error: 'FILE_NOT_FOUND' } },
    ]);
  });

  it('can be deleted and brought back, with their line of the cohort', async () => {
    const told: unknown[] = [];
    world.services.events.subscribe((event) => told.push(event));
    const entry = { caseId: 'case-1', role: 'meta' as const, mutualInformation: 0.7 };
    await world.services.workspace.writeCohort({ schemaVersion: 1, cases: [entry] });
    expect((await world.send('DELETE', '/api/cases/case-1')).status).toBe(204);
    expect(await json('/api/cases')).toEqual([]);
    expect((await world.services.workspace.readCohort()).cases).toEqual([]);
    expect(told).toContainEqual({ type: 'changed', what: 'cohort' });
    expect(existsSync(join(world.folder, 'trash/case-1/mr.nii'))).toBe(true);

    const restored = await world.send('POST', '/api/cases/case-1/restore');
    expect([restored.status, await restored.json()]).toMatchObject([200, { caseId: 'case-1' }]);
    expect((await world.services.workspace.readCohort()).cases).toEqual([entry]);
    expect(existsSync(join(world.folder, 'cases/case-1/cohort-entry.json'))).toBe(false);
    expect((await world.send('POST', '/api/cases/case-1/restore')).status).toBe(404);
  });

  it('that were imported again are not overwritten by the trash', async () => {
    await world.send('DELETE', '/api/cases/case-1');
    await storeSmallCase(world.services.workspace, 'case-1');
    expect((await world.send('POST', '/api/cases/case-1/restore')).status).toBe(409);
  });

  it('are not deleted while a job works on them', async () => {
    const started = await world.send('POST', '/api/jobs', { work: 'untilAsked', subject: 'case-1 sct-1' });
    const { jobId } = (await started.json()) as { jobId: string };
    expect((await world.send('DELETE', '/api/cases/case-1')).status).toBe(409);
    await world.send('POST', `/api/jobs/${jobId}/cancel`, {});
    await world.services.jobCenter.finished(jobId);
    expect((await world.send('DELETE', '/api/cases/case-1')).status).toBe(204);
  });

  it.each(['..', '%2e%2e', '..%2fcase-1', 'case-1%00'])(
    'do not lead out of the workspace: %s',
    async (id) => {
      expect((await world.request(`/api/cases/${id}`)).status).toBe(404);
      expect((await world.send('DELETE', `/api/cases/${id}`)).status).toBe(404);
      expect((await world.request(`/api/cases/case-1/volumes/${id}`)).status).toBe(404);
    },
  );
});

describe('volumes', () => {
  it('are the bytes of their file, in their own type', async () => {
    const response = await world.request('/api/cases/case-1/volumes/mr');
    expect(headerOf(response)).toEqual({
      size: [8, 6, 3],
      indexToLps: [...smallAffine],
      type: 'int16',
      unit: 'signal',
      typicalRange: [20, 100],
    });
    expect(response.headers.get('Content-Length')).toBe(String(2 * 8 * 6 * 3));
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(bytes.equals(readFileSync(join(world.folder, 'cases/case-1/mr.nii')).subarray(352))).toBe(true);
  });

  it('answer HEAD with the header alone', async () => {
    const response = await world.request('/api/cases/case-1/volumes/mr', { method: 'HEAD' });
    expect(headerOf(response).size).toEqual([8, 6, 3]);
    expect(await response.text()).toBe('');
  });

  it('that a case does not have are not found', async () => {
    const ct = await world.request('/api/cases/case-1/volumes/ct');
    expect([ct.status, await ct.json()]).toMatchObject([404, { error: { code: 'FILE_NOT_FOUND' } }]);
    const sct = await world.request('/api/cases/case-1/volumes/sct-1');
    expect([sct.status, await sct.json()]).toMatchObject([404, { error: { code: 'SCT_NOT_FOUND' } }]);
    expect((await world.request('/api/cases/case-1/volumes/weight')).status).toBe(404);
  });

  it('that are cut short say so before the first byte', async () => {
    const path = join(world.folder, 'cases/case-1/mr.nii');
    writeFileSync(path, readFileSync(path).subarray(0, 400));
    const response = await world.request('/api/cases/case-1/volumes/mr');
    expect([response.status, await response.json()]).toMatchObject([
      422,
      { error: { code: 'NIFTI_INVALID' } },
    ]);
  });

  it('have a small picture', async () => {
    const response = await world.request('/api/cases/case-1/volumes/mr/thumbnail');
    expect(response.headers.get('Content-Type')).toBe('image/png');
    const { width, height } = PNG.sync.read(Buffer.from(await response.arrayBuffer()));
    expect([width, height]).toEqual([128, 96]);
  });
});
