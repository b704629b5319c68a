import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeNifti } from '../../../../src-main/formats/nifti/writeNifti.ts';
import { auditPath, readAudit } from '../../../../src-main/services/audit/auditLog.ts';
import { exportJob } from '../../../../src-main/services/exporter/exportJob.ts';
import { sctDirectory, sctRecordSchema } from '../../../../src-main/services/library/sctRecord.ts';
import { advanceSeries } from '../../../../src-main/services/node/advanceSeries.ts';
import { nodeConfigSchema } from '../../../../src-main/services/node/nodeConfig.ts';
import { receivedDirectory, type SeriesState } from '../../../../src-main/services/node/seriesState.ts';
import {
  exportSct,
  finish,
  send,
  synthesize,
  type AdvanceContext,
} from '../../../../src-main/services/node/seriesSteps.ts';
import { openSeriesStore } from '../../../../src-main/services/node/seriesStore.ts';
import { openWorkspace, type Workspace } from '../../../../src-main/services/workspace/openWorkspace.ts';
import { writeRecord } from '../../../../src-main/workflows/files/record.ts';
import { storeSmallCase } from '../../../fixtures/apiWorld.ts';
import { testContext } from '../../../fixtures/tinyTraining.ts';

let folder: string;
let workspace: Workspace;
let context: AdvanceContext;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ilium-steps-'));
  workspace = await openWorkspace(folder);
  const peer = { kind: 'dimse', name: 'archive', host: '127.0.0.1', port: 1, aeTitle: 'PACS' };
  context = {
    config: nodeConfigSchema.parse({ receiver: {}, rules: [{ model: 'm' }], destinations: [peer] }),
    workspace,
    models: { pathOf: () => Promise.reject(new Error('No model is asked for here.')) },
    store: await openSeriesStore(folder),
    secretOf: () => Promise.resolve(''),
    signal: new AbortController().signal,
    log: () => undefined,
  };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const seriesId = '0123456789ab';
const exported = (): string => join(workspace.exportsDirectory, 'case-1-sct-a');

/** A series whose sCT is made and exported, with its files. */
async function waiting(changes: Partial<SeriesState>): Promise<SeriesState> {
  const received = receivedDirectory(folder, seriesId);
  mkdirSync(received, { recursive: true });
  writeFileSync(join(received, '1.dcm'), 'an image');
  await context.store.change(seriesId, () => ({
    schemaVersion: 1,
    seriesId,
    round: 1,
    status: 'waiting',
    receivedAt: '2026-01-02T03:04:05.000Z',
    changedAt: '2026-01-02T03:04:05.000Z',
    caller: 'SCANNER',
    studyInstanceUid: '1',
    seriesInstanceUid: '1.2',
    images: 1,
    modelId: 'm',
    destinations: ['archive'],
    caseId: 'case-1',
    sctId: 'sct-a',
    exportPath: exported(),
    sentTo: [],
    attempts: 0,
    ...changes,
  }));
  return context.store.list()[0]!;
}

describe('sending', () => {
  it('to a destination that the configuration names no more fails in words, and nothing is removed', async () => {
    const state = await waiting({ destinations: ['old archive'] });
    mkdirSync(exported(), { recursive: true });
    await expect(send(state, context)).rejects.toMatchObject({
      status: 'failed',
      reason: {
        code: 'DESTINATION_UNKNOWN',
        text: expect.stringContaining('no destination old archive any more'),
      },
    });
    await expect(finish(state, context)).rejects.toBeInstanceOf(RangeError);
    expect(existsSync(receivedDirectory(folder, seriesId)) && existsSync(exported())).toBe(true);
  });

  it('is over when everyone has it: what is left is removed, also after a crash took a part of it', async () => {
    await waiting({ sentTo: ['archive'] });
    mkdirSync(exported(), { recursive: true });
    rmSync(receivedDirectory(folder, seriesId), { recursive: true });
    await advanceSeries(context.store.list()[0]!, context);
    expect(context.store.list()).toMatchObject([{ status: 'done' }]);
    expect(existsSync(exported())).toBe(false);
  });
});

describe('a step that a crash cut off before its line in the audit log', () => {
  beforeEach(async () => {
    await storeSmallCase(workspace, 'case-1');
    const { grid } = await workspace.readVolume('case-1', 'mr');
    const place = sctDirectory(workspace, 'case-1', 'sct-a');
    mkdirSync(place, { recursive: true });
    const data = new Int16Array(grid.size.reduce((a, b) => a * b));
    writeFileSync(join(place, 'sct.nii'), writeNifti({ grid, data }));
    await writeRecord(join(place, 'sct.json'), sctRecordSchema, {
      schemaVersion: 1,
      sctId: 'sct-a',
      createdAt: '2026-01-02T03:04:05.000Z',
      model: { modelId: 'm', name: 'Model', version: '1.2', weightHash: 'ab'.repeat(32) },
      device: 'cpu',
      seconds: 1,
      maeHu: null,
      boneDice250: null,
      findings: [],
    });
    rmSync(auditPath(workspace), { force: true });
  });
  const lines = async (): Promise<unknown[]> =>
    (await readAudit(workspace)).entries.map(({ action, details }) => [action, details?.['sct']]);

  it('is noted when a synthesis is repeated, once', async () => {
    const state = await waiting({});
    await synthesize(state, context);
    await synthesize(state, context);
    expect(await lines()).toEqual([['generate', 'sct-a']]);
  });

  it('is noted when an export is repeated, as the export would have noted it, once', async () => {
    const state = await waiting({});
    const params = { workspace: folder, caseId: 'case-1', sctId: 'sct-a', format: 'dicom', out: exported() };
    await exportJob({ ...params, createdAt: new Date().toISOString() }, testContext());
    const [whole] = (await readAudit(workspace)).entries;
    await exportSct(state, context);
    expect(await lines()).toEqual([['export', 'sct-a']]);
    rmSync(auditPath(workspace));
    await exportSct(state, context);
    await exportSct(state, context);
    const [later, ...more] = (await readAudit(workspace)).entries;
    expect(more).toEqual([]);
    expect({ ...later, time: whole?.time }).toEqual(whole);
  });
});

describe('a series whose MR was imported anew meanwhile', () => {
  it('gets another sCT, judged and released anew, unless the old one is exported', async () => {
    await storeSmallCase(workspace, 'case-1');
    const record = await workspace.readCase('case-1');
    await workspace.writeCase({ ...record, mr: { ...record.mr!, hash: 'now' } });
    const place = sctDirectory(workspace, 'case-1', 'sct-a');
    mkdirSync(place, { recursive: true });
    await writeRecord(join(place, 'sct.json'), sctRecordSchema, {
      schemaVersion: 1,
      sctId: 'sct-a',
      createdAt: '2026-01-02T03:04:05.000Z',
      model: { modelId: 'm', name: 'Model', version: '1.2', weightHash: 'ab'.repeat(32) },
      device: 'cpu',
      seconds: 1,
      madeFrom: 'another MR',
      maeHu: null,
      boneDice250: null,
      findings: [],
    });
    writeFileSync(join(place, 'sct.nii'), 'voxels');
    const state = await waiting({ released: true });
    mkdirSync(workspace.exportsDirectory, { recursive: true });
    writeFileSync(`${exported()}.receipt.json`, '{}');
    expect(await synthesize(state, context)).toMatchObject({ sctId: 'sct-a', released: true });
    rmSync(`${exported()}.receipt.json`);
    await expect(synthesize(state, context)).rejects.toThrow('No model is asked for here.');
    expect(context.store.list()[0]).toMatchObject({ released: false });
    expect(context.store.list()[0]!.sctId).not.toBe('sct-a');
  });
});
