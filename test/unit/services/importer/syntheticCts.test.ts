import { zipSync } from 'fflate';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exportCtSeries } from '../../../../src-main/services/exporter/exportCtSeries.ts';
import { importPaths } from '../../../../src-main/services/importer/importPaths.ts';
import { listScts } from '../../../../src-main/services/library/listScts.ts';
import { openWorkspace, type Workspace } from '../../../../src-main/services/workspace/openWorkspace.ts';
import { buildStack } from '../../../fixtures/dicomBuilder.ts';

let folder: string;
let workspace: Workspace;
let sct: string;
let caseId: string;

/** An MR is imported, and an sCT of it exported: the two meet again in the tests. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ilium-synthetic-'));
  workspace = await openWorkspace(join(folder, 'workspace'));
  caseId = (await importPaths([mrOf('P-1')], workspace)).cases[0]!.caseId;
  sct = await exportOf(workspace, 'sct');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function mrOf(patientId: string, series = '1.2.5'): string {
  const place = join(folder, `mr ${patientId} ${series}`);
  mkdirSync(place, { recursive: true });
  const stack = buildStack(4, 3, (k) => ({
    modality: 'MR',
    seriesInstanceUid: series,
    sopInstanceUid: `${series}.${k + 1}`,
    extra: [
      { tag: '00100020', vr: 'LO', value: patientId },
      { tag: '0020000d', vr: 'UI', value: '1.2.4' },
      { tag: '00200052', vr: 'UI', value: '1.2.6' },
    ],
  }));
  stack.forEach((bytes, k) => writeFileSync(join(place, `${k}.dcm`), bytes));
  return place;
}

async function exportOf(from: Workspace, name: string, sizePx?: number): Promise<string> {
  const record = await from.readCase(caseId);
  const { grid: own } = await from.readVolume(caseId, 'mr');
  const grid = sizePx === undefined ? own : { ...own, size: [sizePx, sizePx, own.size[2]] as const };
  const data = Int16Array.from(
    { length: grid.size[0] * grid.size[1] * grid.size[2] },
    (_, at) => 7 * at - 100,
  );
  const model = { name: 'Pelvis', version: '3', weightHash: 'abc123' };
  const out = join(folder, name);
  await exportCtSeries({ volume: { grid, data }, model, source: record.mr!.source! }, out);
  return out;
}

describe('a synthetic CT of ours that is imported', () => {
  it('becomes an sCT of the case whose MR it was made from, with its model, and not the CT of it', async () => {
    const report = await importPaths([sct], workspace);
    expect(report.cases).toEqual([{ caseId, isNew: false, volumes: ['mr'] }]);
    expect(report.findings).toMatchObject([{ code: 'sct-imported', subject: caseId }]);
    expect((await workspace.readCase(caseId)).ct).toBeUndefined();
    expect(await listScts(workspace, caseId)).toMatchObject([
      { model: { name: 'Pelvis', version: '3', weightHash: 'abc123' }, maeHu: null },
    ]);
  });

  it('finds its MR when both come together', async () => {
    const empty = await openWorkspace(join(folder, 'other'));
    const report = await importPaths([sct, mrOf('P-1')], empty);
    expect(report.cases).toEqual([{ caseId, isNew: true, volumes: ['mr'] }]);
    expect(await listScts(empty, caseId)).toHaveLength(1);
  });

  it('stands there once however often it comes', async () => {
    await importPaths([sct], workspace);
    const again = await importPaths([sct], workspace);
    expect(
      again.outcomes.every(({ outcome, reason }) => outcome === 'merged' && reason?.code === 'sct-known'),
    ).toBe(true);
    expect(await listScts(workspace, caseId)).toHaveLength(1);
  });

  it('is left out with the reason while its MR is not there', async () => {
    const empty = await openWorkspace(join(folder, 'other'));
    const report = await importPaths([sct], empty);
    expect(report.cases).toEqual([]);
    expect(new Set(report.outcomes.map(({ reason }) => reason?.code))).toEqual(new Set(['sct-without-mr']));
  });

  it('is never put beside the MR of another patient, nor beside another series of the same study', async () => {
    for (const mr of [mrOf('P-2'), mrOf('P-1', '1.2.7')]) {
      const other = await openWorkspace(join(folder, `for ${mr.length}`));
      await importPaths([mr], other);
      expect((await importPaths([sct], other)).cases).toEqual([]);
    }
  });

  it('that cannot be read any more fails by itself: the rest of the import goes on', async () => {
    const empty = await openWorkspace(join(folder, 'other'));
    const report = await importPaths([sct, mrOf('P-1')], empty, {
      onProgress: ({ step, done, total }) => {
        if (step === 'look at files' && done === total)
          for (const name of readdirSync(sct)) rmSync(join(sct, name));
      },
    });
    expect(report.cases).toEqual([{ caseId, isNew: true, volumes: ['mr'] }]);
    const failed = report.outcomes.filter(({ path }) => path.startsWith(sct) && path.endsWith('.dcm'));
    expect(new Set(failed.map(({ outcome, reason }) => `${outcome} ${reason?.details['error']}`))).toEqual(
      new Set(['failed FILE_NOT_FOUND']),
    );
  });

  it('whose entry in an archive is damaged fails by itself', async () => {
    const large = await exportOf(workspace, 'large', 200);
    const files = Object.fromEntries(
      readdirSync(large).map((name) => [`sct/${name}`, readFileSync(join(large, name))]),
    );
    const archive = join(folder, 'sct.zip');
    const bytes = zipSync(files, { level: 0 });
    // A voxel beyond the first 64 KiB, which alone are looked at before the file is loaded.
    const first = Buffer.from(bytes).indexOf('DICM');
    bytes[first + 70_000]! ^= 1;
    writeFileSync(archive, bytes);
    const empty = await openWorkspace(join(folder, 'other'));
    const report = await importPaths([archive, mrOf('P-1')], empty);
    expect(report.cases.map(({ volumes }) => volumes)).toEqual([['mr']]);
    expect(report.outcomes.filter(({ outcome }) => outcome === 'failed')[0]?.reason?.details['error']).toBe(
      'ARCHIVE_INVALID',
    );
  });

  it('is told how far it is from the CT where the case has one', async () => {
    const place = join(folder, 'ct');
    mkdirSync(place);
    buildStack(4, 3, (k) => ({
      modality: 'CT',
      seriesInstanceUid: '1.2.8',
      sopInstanceUid: `1.2.8.${k + 1}`,
      extra: [
        { tag: '00100020', vr: 'LO', value: 'P-1' },
        { tag: '0020000d', vr: 'UI', value: '1.2.4' },
        { tag: '00200052', vr: 'UI', value: '1.2.6' },
      ],
    })).forEach((bytes, k) => writeFileSync(join(place, `${k}.dcm`), bytes));
    await importPaths([place], workspace);
    await importPaths([sct], workspace);
    const [record] = await listScts(workspace, caseId);
    expect(record?.maeHu).toBeGreaterThan(0);
  });
});
