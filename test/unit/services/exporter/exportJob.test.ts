import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExportPlan, ExportResult } from '../../../../src-main/api/contract/exports.ts';
import { encodeOriginalSeries } from '../../../../src-main/formats/dicom/encodeOriginalSeries.ts';
import { openDataSet } from '../../../../src-main/formats/dicom/openDataSet.ts';
import { writeNifti } from '../../../../src-main/formats/nifti/writeNifti.ts';
import { phantomStudyJob } from '../../../../src-main/services/demo/phantomStudyJob.ts';
import { exportJob } from '../../../../src-main/services/exporter/exportJob.ts';
import { readAudit } from '../../../../src-main/services/audit/auditLog.ts';
import { createExportPlans } from '../../../../src-main/services/exporter/exportPlans.ts';
import { importPaths } from '../../../../src-main/services/importer/importPaths.ts';
import { loadStudyVolume } from '../../../../src-main/services/importer/loadStudyVolume.ts';
import { listScts } from '../../../../src-main/services/library/listScts.ts';
import { createSctLibrary } from '../../../../src-main/services/synthesis/sctLibrary.ts';
import { imageKey } from '../../../../src-main/services/workspace/imageKey.ts';
import { createSettingsStore } from '../../../../src-main/services/settings/settingsStore.ts';
import {
  sctDirectory,
  sctRecordSchema,
  type SctRecord,
} from '../../../../src-main/services/library/sctRecord.ts';
import { openWorkspace, type Workspace } from '../../../../src-main/services/workspace/openWorkspace.ts';
import { applyAffine } from '../../../../src-main/shared/affine.ts';
import type { Grid, Volume } from '../../../../src-main/shared/volume.ts';
import type { GateOutcome } from '../../../../src-main/workflows/gate/gateReport.ts';
import { writeRecord } from '../../../../src-main/workflows/files/record.ts';
import { readVolumeFile } from '../../../../src-main/workflows/files/volumeFile.ts';
import { storeSmallCase } from '../../../fixtures/apiWorld.ts';
import { testContext } from '../../../fixtures/tinyTraining.ts';

let root: string;
let workspace: Workspace;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'ilium-export-'));
  workspace = await openWorkspace(root);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** An sCT of HU that says where it is, on the grid of the case's MR. */
async function storeSct(
  caseId: string,
  sctId: string,
  gate?: GateOutcome,
  keys: Partial<Pick<SctRecord, 'madeFrom' | 'comparedWith' | 'maeHu'>> = {},
): Promise<Volume> {
  const { grid } = await workspace.readVolume(caseId, 'mr');
  const data = Int16Array.from({ length: grid.size.reduce((a, b) => a * b) }, (_, at) => (at % 2000) - 1000);
  const folder = sctDirectory(workspace, caseId, sctId);
  await mkdir(folder, { recursive: true });
  writeFileSync(join(folder, 'sct.nii'), writeNifti({ grid, data }));
  await writeRecord(join(folder, 'sct.json'), sctRecordSchema, {
    schemaVersion: 1,
    sctId,
    createdAt: '2026-01-02T03:04:05.000Z',
    model: { modelId: 'm', name: 'Model', version: '1.2', weightHash: 'ab'.repeat(32) },
    device: 'cpu',
    seconds: 1,
    maeHu: null,
    boneDice250: null,
    findings: [
      {
        code: 'mr-unlike-training',
        severity: 'warning',
        subject: caseId,
        details: { distance: '1', largest: '0.2' },
      },
    ],
    ...(gate ? { gate } : {}),
    ...keys,
  });
  return { grid, data };
}

async function dicomCase(): Promise<string> {
  const params = { workspace: root, seed: 3, sizePx: [48, 40], spacingMm: 8, slices: 4, sliceSpacingMm: 20 };
  const result = (await phantomStudyJob(params, testContext())) as { cases: { caseId: string }[] };
  return result.cases[0]!.caseId;
}

const valueOf = (plan: ExportPlan, keyword: string) =>
  plan.identifiers.find((one) => one.keyword === keyword);

describe('an export by plan', () => {
  it('writes the very identifiers that were shown, and says so in a receipt beside the series', async () => {
    const caseId = await dicomCase();
    await storeSct(caseId, 'sct-a');
    const plans = createExportPlans(workspace);
    const plan = await plans.create(caseId, 'sct-a', { seriesDescription: 'sCT for plan A' });
    expect(plan).toMatchObject({ files: 4, directory: join(workspace.exportsDirectory, `${caseId}-sct-a`) });

    const { directory, ...choices } = plans.take(plan.planId, caseId, 'sct-a');
    const params = { workspace: root, caseId, sctId: 'sct-a', format: 'dicom', out: directory, ...choices };
    const result = (await exportJob(params, testContext())) as ExportResult;

    const files = readdirSync(directory).sort();
    expect(files).toHaveLength(4);
    const written = files.map((name) => openDataSet(readFileSync(join(directory, name)), name).dataSet);
    const shown = plan.identifiers.filter(
      ({ keyword }) => !['SOPInstanceUID', 'ReferencedSOPInstanceUID'].includes(keyword),
    );
    expect(shown.length).toBeGreaterThan(30);
    for (const { tag, keyword, value } of shown)
      for (const file of written) expect(textAt(file, tag), keyword).toBe(value);
    const sops = written.map((file) => textAt(file, '(0008,0018)'));
    expect(valueOf(plan, 'SOPInstanceUID')?.value).toBe(`${sops[0]} … ${sops[3]} (4)`);

    const mr = (await workspace.readCase(caseId)).mr!.source!;
    expect(valueOf(plan, 'StudyInstanceUID')).toMatchObject({
      value: mr.study.studyInstanceUid,
      origin: 'kept',
      tag: '(0020,000D)',
    });
    expect(valueOf(plan, 'FrameOfReferenceUID')).toMatchObject({
      value: mr.frameOfReferenceUid,
      origin: 'kept',
    });
    expect(valueOf(plan, 'SeriesInstanceUID')).toMatchObject({ origin: 'new' });
    expect(valueOf(plan, 'Modality')).toMatchObject({ value: 'CT', origin: 'fixed' });
    expect(valueOf(plan, 'SeriesDescription')?.value).toBe('sCT for plan A');

    expect(result.receipt).toMatchObject({
      files: 4,
      voxelsCompared: 48 * 40 * 4,
      seriesInstanceUid: valueOf(plan, 'SeriesInstanceUID')!.value,
      modelName: 'Model',
    });
    expect(result.receipt.findings.map(({ code }) => code)).toEqual(['mr-unlike-training']);
    expect(JSON.parse(readFileSync(`${directory}.receipt.json`, 'utf8'))).toMatchObject({
      schemaVersion: 2,
      ...result,
    });
    expect(result.receipt).toMatchObject({ sopInstanceUids: sops, grid: 'mr', gate: null });
    expect(result.receipt).toMatchObject({
      maxValueDifference: 0,
      program: expect.stringMatching(/^Ilium /),
    });
  });

  it('on axial slices, under the institution’s root, says what the gate said and who went on for which reason', async () => {
    const caseId = await dicomCase();
    const reason = 'yearly end-to-end test';
    const check = { key: 'modality', verdict: 'stop', code: 'gate-modality-hu', details: {} } as const;
    const sct = await storeSct(caseId, 'sct-a', { verdict: 'stop', checks: [check], override: reason });
    const plans = createExportPlans(workspace, Date.now, () => Promise.resolve('1.2.826.0.1'));
    const plan = await plans.create(caseId, 'sct-a', { grid: 'axial' });
    // 48 × 40 × 4 voxels of 8 × 8 × 20 mm.
    expect(plan.files).toBe(32);
    const description = valueOf(plan, 'DerivationDescription')!.value;
    expect(description).toContain(
      'Resampled from the grid of the MR (48x40x4 voxels of 8x8x20 mm) to axial slices',
    );
    expect(description).toContain(`Domain gate overridden: ${reason}`);
    expect(valueOf(plan, 'ImageComments')!.value).toContain(reason);
    expect(valueOf(plan, 'SeriesInstanceUID')!.value).toMatch(/^1\.2\.826\.0\.1\.\d{20,38}$/);

    const { directory, ...choices } = plans.take(plan.planId, caseId, 'sct-a');
    const params = { workspace: root, caseId, sctId: 'sct-a', format: 'dicom', out: directory, ...choices };
    const { receipt } = (await exportJob(params, testContext())) as ExportResult;
    expect(receipt).toMatchObject({
      files: 32,
      voxelsCompared: 384 * 320 * 32,
      grid: 'axial',
      maxValueDifference: 0,
      gate: { verdict: 'stop', override: reason, checks: [{ key: 'modality', verdict: 'stop' }] },
    });
    expect(new Set(receipt.sopInstanceUids).size).toBe(32);
    const first = readdirSync(directory).sort()[0]!;
    const file = openDataSet(readFileSync(join(directory, first)), first).dataSet;
    expect(textAt(file, '(0008,2111)')).toBe(description);
    expect(textAt(file, '(0028,0030)')).toBe('1\\1');
    expect(textAt(file, '(0020,0037)')).toBe('1\\0\\0\\0\\1\\0');
    expect(file.elements['x00082112']!.items!.length).toBeGreaterThanOrEqual(1);

    const { entries } = await readAudit(workspace);
    const exported = entries.at(-1)!;
    expect(exported).toMatchObject({
      action: 'export',
      subject: caseId,
      details: { grid: 'axial', overridden: true, series: receipt.seriesInstanceUid },
    });
    const { label, mr } = await workspace.readCase(caseId);
    for (const secret of [label, mr!.source!.patient.patientName])
      if (secret !== caseId) expect(JSON.stringify(entries)).not.toContain(secret);
    expect(sct.data.length).toBe(48 * 40 * 4);
  });

  it('is carried out once, for the sCT it was made for, within an hour', async () => {
    await storeSmallCase(workspace, 'case-1');
    await storeSct('case-1', 'sct-a');
    let now = Date.now();
    const plans = createExportPlans(workspace, () => now);
    const first = await plans.create('case-1', 'sct-a', {});
    expect(() => plans.take(first.planId, 'case-1', 'sct-b')).toThrow(/no longer valid/);
    plans.take(first.planId, 'case-1', 'sct-a');
    expect(() => plans.take(first.planId, 'case-1', 'sct-a')).toThrow(/no longer valid/);
    const second = await plans.create('case-1', 'sct-a', {});
    now += 61 * 60_000;
    expect(() => plans.take(second.planId, 'case-1', 'sct-a')).toThrow(/no longer valid/);
    await expect(plans.create('case-1', 'sct-x', {})).rejects.toMatchObject({ code: 'SCT_NOT_FOUND' });
  });

  it('of an MR that was no DICOM makes study and frame new, and names the case as the patient', async () => {
    await storeSmallCase(workspace, 'case-1');
    await storeSct('case-1', 'sct-a');
    const plan = await createExportPlans(workspace).create('case-1', 'sct-a', {});
    expect(valueOf(plan, 'PatientID')).toMatchObject({ value: 'label of case-1', origin: 'new' });
    expect(valueOf(plan, 'StudyInstanceUID')).toMatchObject({ origin: 'new' });
    expect(valueOf(plan, 'FrameOfReferenceUID')?.value).toMatch(/^2\.25\./);
    expect(valueOf(plan, 'ReferencedSOPInstanceUID')).toBeUndefined();
  });
});

describe('an sCT whose case has changed', () => {
  const keysOf = async (caseId: string) => {
    const record = await workspace.readCase(caseId);
    return { madeFrom: imageKey(record, 'mr')!, comparedWith: imageKey(record, 'ct')!, maeHu: 40 };
  };

  it('is not exported once another MR has taken the place of its own, and says so', async () => {
    const caseId = await dicomCase();
    await storeSct(caseId, 'sct-a', undefined, await keysOf(caseId));
    const scts = createSctLibrary(workspace);
    expect((await scts.read(caseId, 'sct-a')).findings.map(({ code }) => code)).toEqual([
      'mr-unlike-training',
    ]);
    await createExportPlans(workspace).create(caseId, 'sct-a', {});

    // The same voxels elsewhere: another frame of reference alone is another place.
    const record = await workspace.readCase(caseId);
    const source = { ...record.mr!.source!, frameOfReferenceUid: '1.2.777' };
    await workspace.writeCase({ ...record, mr: { ...record.mr!, source } });
    expect((await scts.read(caseId, 'sct-a')).findings.at(-1)).toMatchObject({
      code: 'sct-of-other-mr',
      severity: 'error',
    });
    const refused = { code: 'SCT_OF_OTHER_MR' };
    await expect(createExportPlans(workspace).create(caseId, 'sct-a', {})).rejects.toMatchObject(refused);
    const createdAt = new Date().toISOString();
    const params = {
      workspace: root,
      caseId,
      sctId: 'sct-a',
      format: 'dicom',
      out: join(root, 'x'),
      createdAt,
    };
    await expect(exportJob(params, testContext())).rejects.toMatchObject(refused);
    expect(existsSync(join(root, 'x'))).toBe(false);
  });

  it('shows no figures against a CT that lies elsewhere by now', async () => {
    const caseId = await dicomCase();
    await storeSct(caseId, 'sct-a', undefined, await keysOf(caseId));
    const shown = async () => (await createSctLibrary(workspace).read(caseId, 'sct-a')).maeHu;
    expect(await shown()).toBe(40);
    const record = await workspace.readCase(caseId);
    await workspace.writeCase({ ...record, registration: { id: 'reg-1', importedCt: 'ct.nii' } });
    expect(await shown()).toBeNull();
  });

  it('is still the same one when its series comes back from an archive', async () => {
    const caseId = await dicomCase();
    await storeSct(caseId, 'sct-a', undefined, await keysOf(caseId));
    const createdAt = new Date().toISOString();
    const out = join(root, 'series');
    await exportJob(
      { workspace: root, caseId, sctId: 'sct-a', format: 'dicom', out, createdAt },
      testContext(),
    );
    const report = await importPaths([out], workspace);
    expect(report.outcomes.map(({ reason }) => reason?.code)).toEqual(Array(4).fill('sct-known'));
    expect((await listScts(workspace, caseId)).map(({ sctId }) => sctId)).toEqual(['sct-a']);
  });
});

describe('an MR on tilted slices', () => {
  /** Slices of 2 mm pixels, 4 mm apart, each slid 1.5 mm along y and turned out of the axes: a gantry's tilt, as resampling must undo it. */
  const [c, sn] = [Math.cos(0.2), Math.sin(0.2)];
  const tilted: Grid = {
    size: [40, 44, 16],
    indexToLps: [2 * c, -2 * sn, -1.5 * sn, -30, 2 * sn, 2 * c, 1.5 * c, -60, 0, 0, 4, 100],
  };
  const middle = applyAffine(tilted.indexToLps, [22, 18, 8]);
  /** A ball of 700 HU about `middle`, where its voxels are in the patient. */
  const ball = Int16Array.from({ length: 40 * 44 * 16 }, (_, at) => {
    const place = applyAffine(tilted.indexToLps, [at % 40, Math.floor(at / 40) % 44, Math.floor(at / 1760)]);
    return Math.hypot(...place.map((value, axis) => value - middle[axis]!)) < 14 ? 700 : 0;
  });

  it('has its sCT exported where the patient lies: on its own slices exactly, on axial ones by the place of every voxel', async () => {
    const source = join(root, 'mr');
    await mkdir(source);
    const series = { frameOfReferenceUid: '1.2.4', seriesNumber: 3, seriesDescription: 'tilted' };
    for (const { name, bytes } of encodeOriginalSeries({
      ...{ volume: { grid: tilted, data: ball }, modality: 'MR', patient: { patientId: 'P' }, ...series },
      study: { studyInstanceUid: '1.2.3' },
    }))
      writeFileSync(join(source, name), bytes);
    const { cases, findings } = await importPaths([source], workspace);
    expect(findings).toContainEqual(expect.objectContaining({ code: 'series-tilted' }));
    const { caseId } = cases[0]!;
    await storeSct(caseId, 'sct-a');
    writeFileSync(
      join(sctDirectory(workspace, caseId, 'sct-a'), 'sct.nii'),
      writeNifti({ grid: (await workspace.readVolume(caseId, 'mr')).grid, data: ball }),
    );
    for (const grid of ['mr', 'axial'] as const) {
      const out = join(root, `out ${grid}`);
      const createdAt = new Date().toISOString();
      await exportJob(
        { workspace: root, caseId, sctId: 'sct-a', format: 'dicom', out, createdAt, grid },
        testContext(),
      );
      const { volume } = await loadStudyVolume(out, { modality: 'CT' });
      if (grid === 'mr') {
        volume.grid.indexToLps.forEach((value, at) => expect(value).toBeCloseTo(tilted.indexToLps[at]!, 6));
        expect(Array.from(volume.data)).toEqual(Array.from(ball));
      } else
        expect(volume.grid.indexToLps.filter((_, at) => at % 4 < 3 && at % 5 > 0)).toEqual(Array(6).fill(0));
      const sum = [0, 0, 0, 0];
      const [nx, ny] = volume.grid.size;
      for (const [at, value] of volume.data.entries()) {
        if (value <= 0) continue;
        const place = applyAffine(volume.grid.indexToLps, [
          at % nx,
          Math.floor(at / nx) % ny,
          Math.floor(at / (nx * ny)),
        ]);
        place.forEach((coordinate, axis) => (sum[axis]! += coordinate * value));
        sum[3]! += value;
      }
      middle.forEach((coordinate, axis) =>
        expect(Math.abs(sum[axis]! / sum[3]! - coordinate)).toBeLessThan(0.15),
      );
    }
  });
});

describe('an export as NIfTI', () => {
  it('is read back, gets a receipt, and does not take the place of an earlier one', async () => {
    await storeSmallCase(workspace, 'case-1');
    const sct = await storeSct('case-1', 'sct-a');
    const out = join(root, 'exports', 'a.nii.gz');
    const params = { workspace: root, caseId: 'case-1', sctId: 'sct-a', format: 'nifti', out };
    const result = await exportJob({ ...params, createdAt: new Date().toISOString() }, testContext());
    expect(result).toMatchObject({
      format: 'nifti',
      path: out,
      receipt: { files: 1, voxelsCompared: 144, seriesInstanceUid: null },
    });
    const read = await readVolumeFile(out);
    expect(read.data).toEqual(sct.data);
    expect(existsSync(`${out}.receipt.json`)).toBe(true);
  });

  it('leaves nothing when it is stopped before it is written', async () => {
    await storeSmallCase(workspace, 'case-1');
    await storeSct('case-1', 'sct-a');
    const out = join(root, 'exports', 'b');
    const params = { workspace: root, caseId: 'case-1', sctId: 'sct-a', format: 'dicom', out };
    const stopped = testContext((event) => event.type === 'progress' && event.done === 1);
    await expect(
      exportJob({ ...params, createdAt: new Date().toISOString() }, stopped),
    ).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(readdirSync(join(root, 'exports'))).toEqual([]);
  });
});

describe('an export that comes to nothing at its end', () => {
  const earlier = '{"of":"an earlier one"}';
  const exportTo = (out: string, format: string): Promise<unknown> =>
    exportJob(
      { workspace: root, caseId: 'case-1', sctId: 'sct-a', format, out, createdAt: new Date().toISOString() },
      testContext(),
    );
  beforeEach(async () => {
    await storeSmallCase(workspace, 'case-1');
    await storeSct('case-1', 'sct-a');
  });

  it.each([
    ['dicom', 'series'],
    ['nifti', 'file.nii.gz'],
  ])('leaves nothing (%s) when its receipt cannot be written', async (format, name) => {
    const out = join(root, 'exports', name);
    await mkdir(`${out}.receipt.json`, { recursive: true });
    await expect(exportTo(out, format)).rejects.toThrow();
    expect(readdirSync(join(root, 'exports'))).toEqual([`${name}.receipt.json`]);
  });

  it.each([
    ['dicom', 'series'],
    ['nifti', 'file.nii.gz'],
  ])('leaves nothing (%s) when the audit log cannot be written', async (format, name) => {
    const out = join(root, 'exports', name);
    rmSync(join(root, 'audit.jsonl'), { force: true });
    await mkdir(join(root, 'audit.jsonl'));
    await expect(exportTo(out, format)).rejects.toMatchObject({ code: 'WRITE_FAILED' });
    expect(readdirSync(join(root, 'exports'))).toEqual([]);
    // What was there before stays: an empty folder to be filled, the receipt of an earlier export.
    writeFileSync(`${out}.receipt.json`, earlier);
    if (format === 'dicom') await mkdir(out);
    await expect(exportTo(out, format)).rejects.toMatchObject({ code: 'WRITE_FAILED' });
    expect(readFileSync(`${out}.receipt.json`, 'utf8')).toBe(earlier);
    expect(existsSync(out)).toBe(format === 'dicom');
  });

  it('does not take the place of a file that is there', async () => {
    const out = join(root, 'exports', 'there.nii.gz');
    await mkdir(join(root, 'exports'), { recursive: true });
    writeFileSync(out, 'mine');
    await expect(exportTo(out, 'nifti')).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
    expect(readFileSync(out, 'utf8')).toBe('mine');
  });
});

/** A value as the file has it, several separated by a backslash. */
function textAt(file: ReturnType<typeof openDataSet>['dataSet'], tag: string): string {
  const key = `x${tag.replaceAll(/[(),]/g, '').toLowerCase()}`;
  return file.string(key)?.trim() ?? '';
}

describe('an export without a plan, as the node makes it', () => {
  it('has its identifiers under the institution’s root', async () => {
    const caseId = 'case-1';
    await storeSmallCase(workspace, caseId);
    await storeSct(caseId, 'sct-r');
    const settings = createSettingsStore(root, () => undefined);
    await settings.write({ ...(await settings.read()), uidRoot: '1.2.826.0.1' });
    const out = join(root, 'under-root');
    const params = { workspace: root, caseId, sctId: 'sct-r', format: 'dicom', out };
    const { receipt } = (await exportJob(
      { ...params, createdAt: new Date(0).toISOString() },
      testContext(),
    )) as ExportResult;
    expect([receipt.seriesInstanceUid, ...receipt.sopInstanceUids]).toSatisfy((uids: string[]) =>
      uids.every((uid) => uid.startsWith('1.2.826.0.1.')),
    );
  });
});
