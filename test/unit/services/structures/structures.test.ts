import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CaseDetail, RegionBody, StructureSetBody } from '../../../../src-main/api/contract/cases.ts';
import type { ExportResult } from '../../../../src-main/api/contract/exports.ts';
import { structuresCommand } from '../../../../src-main/cli/structures.ts';
import { encodeRtStructureSet } from '../../../../src-main/formats/dicom/encodeRtStructureSet.ts';
import { readRtStructureSet } from '../../../../src-main/formats/dicom/readRtStructureSet.ts';
import type { RtStructureSet } from '../../../../src-main/formats/dicom/rtStructureSet.ts';
import { mrImageStorage } from '../../../../src-main/formats/dicom/sopClasses.ts';
import { writeNifti } from '../../../../src-main/formats/nifti/writeNifti.ts';
import { exportJob } from '../../../../src-main/services/exporter/exportJob.ts';
import { importPaths } from '../../../../src-main/services/importer/importPaths.ts';
import { placeCt } from '../../../../src-main/services/registration/placedCt.ts';
import {
  matrixOf,
  registrationPath,
  registrationRecordSchema,
  type RegistrationRecord,
} from '../../../../src-main/services/registration/registrationRecord.ts';
import { applyAffine, type Affine } from '../../../../src-main/shared/affine.ts';
import { identityAffine } from '../../../../src-main/shared/rigidTransform.ts';
import { sctDirectory, sctRecordSchema } from '../../../../src-main/services/library/sctRecord.ts';
import { writeRecord } from '../../../../src-main/workflows/files/record.ts';
import { openApiWorld, type ApiWorld } from '../../../fixtures/apiWorld.ts';
import { buildStack } from '../../../fixtures/dicomBuilder.ts';
import { testContext } from '../../../fixtures/tinyTraining.ts';

let world: ApiWorld;
let caseId: string;
const at = (name: string): string => join(world.folder, name);

/** An MR of 8 × 8 × 4 voxels, and a square of 3 × 3 voxels drawn on two of its slices. */
beforeEach(async () => {
  world = await openApiWorld();
  mkdirSync(at('mr'));
  const stack = buildStack(4, 3, (k) => ({
    modality: 'MR',
    rows: 8,
    columns: 8,
    seriesInstanceUid: '1.2.5',
    sopInstanceUid: `1.2.5.${k + 1}`,
    stored: Array.from({ length: 64 }, (_, at) => 64 * k + at),
  }));
  stack.forEach((bytes, k) => writeFileSync(at(`mr/${k}.dcm`), bytes));
  const report = await importPaths([at('mr')], world.services.workspace);
  expect(report.outcomes.map(({ reason }) => reason)).toEqual([undefined, undefined, undefined, undefined]);
  caseId = report.cases[0]!.caseId;
});
afterEach(() => world.dispose());

/** Writes the set to a file; `series` says otherwise what it was drawn on. */
async function draw(
  name: string,
  series: {
    frameOfReferenceUid?: string;
    patientId?: string;
    uids?: readonly string[];
    slices?: readonly number[];
  } = {},
): Promise<{ path: string; set: RtStructureSet }> {
  const { grid } = await world.services.workspace.readVolume(caseId, 'mr');
  const [a, , , x, , e, , y, , , , z] = grid.indexToLps;
  const outline = (k: number): string =>
    [[1.5, 1.5], [4.5, 1.5], [4.5, 4.5], [1.5, 4.5]]
      .map(([i = 0, j = 0]) => `${x + a * i}\\${y + e * j}\\${z + 3 * k}`)
      .join('\\'); // prettier-ignore
  const set: RtStructureSet = {
    sopInstanceUid: '',
    label: 'PLAN',
    rois: [
      {
        number: 1,
        name: 'Bladder',
        colour: [255, 0, 0],
        generationAlgorithm: 'MANUAL',
        interpretedType: 'ORGAN',
        frameOfReferenceUid: series.frameOfReferenceUid ?? '1.2.6',
        contours: (series.slices ?? [1, 2]).map((k) => ({
          geometricType: 'CLOSED_PLANAR',
          points: outline(k),
        })),
      },
    ],
  };
  const drawnOn = {
    patient: { patientId: series.patientId ?? 'P-1' },
    study: { studyInstanceUid: '1.2.4' },
    seriesInstanceUid: '1.2.5',
    frameOfReferenceUid: series.frameOfReferenceUid ?? '1.2.6',
    sopClassUid: mrImageStorage,
    sopInstanceUids: series.uids ?? [1, 2, 3, 4].map((k) => `1.2.5.${k}`),
    grid,
  };
  const identity = {
    seriesInstanceUid: `1.2.7.${name.length}`,
    sopInstanceUid: `1.2.7.${name.length}.1`,
    seriesNumber: 5,
    createdAt: new Date(2026, 0, 2),
  };
  writeFileSync(at(name), encodeRtStructureSet(set, drawnOn, identity).bytes);
  return { path: at(name), set };
}

/** HU that count the voxels. */
async function storeSct(): Promise<void> {
  const { workspace } = world.services;
  const { grid } = await workspace.readVolume(caseId, 'mr');
  const folder = sctDirectory(workspace, caseId, 'sct-a');
  await mkdir(folder, { recursive: true });
  const data = Int16Array.from({ length: 8 * 8 * 4 }, (_, index) => index);
  writeFileSync(join(folder, 'sct.nii'), writeNifti({ grid, data }));
  await writeRecord(join(folder, 'sct.json'), sctRecordSchema, {
    schemaVersion: 1,
    sctId: 'sct-a',
    createdAt: '2026-01-02T03:04:05.000Z',
    model: { modelId: 'm', name: 'Model', version: '1', weightHash: 'ab'.repeat(32) },
    device: 'cpu',
    seconds: 1,
    maeHu: null,
    boneDice250: null,
    findings: [],
  });
}

function aRegistrationRecord(registrationId: string, ctToMr: Affine): RegistrationRecord {
  return {
    ...{ schemaVersion: 1, registrationId, createdAt: '2026-01-02T03:04:05.000Z', origin: 'manual' },
    ...{ program: 'test', fixed: 'mr', moving: 'ct', movingToFixed: matrixOf(ctToMr) },
    parameters: { rotationsDegrees: [0, 0, 90], translationMm: [7, -4, 10], centreLps: [0, 0, 0] },
    start: { how: 'as-they-lie', ctToMr: matrixOf(identityAffine) },
    quality: {
      mutualInformation: { before: null, after: null },
      ...{ bodyOverlap: 1, coverage: 1, turnDegrees: 0, shiftMm: 0 },
    },
    findings: [],
    inputs: { mr: 'ab'.repeat(32), ct: 'cd'.repeat(32) },
  };
}

const exportOf = (folder: string) => ({
  ...{ workspace: world.folder, caseId, sctId: 'sct-a', format: 'dicom', structures: true },
  ...{ out: at(folder), createdAt: '2026-01-02T03:04:05.000Z' },
});
const reasons = async (path: string): Promise<unknown[]> =>
  (await importPaths([path], world.services.workspace)).outcomes.map(({ outcome, reason }) => [
    outcome,
    reason?.code,
  ]);
const json = async <T>(path: string): Promise<T> => (await (await world.request(path)).json()) as T;

/** A CT of the patient in a frame of reference of its own, whose voxel (i, j, k) holds 100 k. */
async function importCt(): Promise<void> {
  mkdirSync(at('ct'));
  const frame = { tag: '00200052', vr: 'UI', value: '1.2.8' };
  const stack = buildStack(4, 3, (k) => ({
    ...{ rows: 8, columns: 8, seriesInstanceUid: '1.2.9', sopInstanceUid: `1.2.9.${k + 1}`, extra: [frame] },
    stored: Array.from({ length: 64 }, () => 100 * k),
  }));
  stack.forEach((bytes, k) => writeFileSync(at(`ct/${k}.dcm`), bytes));
  const { cases } = await importPaths([at('ct')], world.services.workspace);
  expect(cases).toMatchObject([{ caseId, volumes: ['mr', 'ct'] }]);
}

describe('a structure set that was drawn on the CT', () => {
  const onCt = { frameOfReferenceUid: '1.2.8', uids: [1, 2, 3, 4].map((k) => `1.2.9.${k}`) };
  const sets = () => json<StructureSetBody[]>(`/api/cases/${caseId}/structures`);

  it('waits for the CT to be registered, goes with it wherever that puts it, and is measured in it', async () => {
    await importCt();
    const { findings, outcomes } = await importPaths(
      [(await draw('onct.dcm', onCt)).path],
      world.services.workspace,
    );
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['loaded']);
    expect(findings.map(({ code }) => code)).toEqual(['structures-imported', 'structures-on-ct']);
    const [waiting] = await sets();
    expect([waiting!.fits, waiting!.regions, waiting!.findings[0]!.code]).toEqual([
      false,
      [],
      'structures-on-ct',
    ]);

    const { workspace } = world.services;
    const record = await workspace.readCase(caseId);
    const imported = await workspace.readVolume(caseId, 'ct');
    const registrationId = 'reg-1';
    const ctToMr: Affine = [0, -1, 0, 7, 1, 0, 0, -4, 0, 0, 1, 10];
    await placeCt(workspace, { ...record, ct: record.ct! }, imported, { id: registrationId, ctToMr });
    await writeRecord(
      registrationPath(workspace, caseId, registrationId),
      registrationRecordSchema,
      aRegistrationRecord(registrationId, ctToMr),
    );
    const [shown] = await sets();
    expect([shown!.fits, shown!.findings]).toEqual([true, []]);
    const [x, y, z] = shown!.regions[0]!.contours[0]!.points;
    const drawnAt = applyAffine(imported.grid.indexToLps, [1.5, 1.5, 1]);
    expect([x, y, z]).toEqual([...applyAffine(ctToMr, drawnAt)]);
    const [region] = await json<RegionBody[]>(
      `/api/cases/${caseId}/structures/${shown!.structureSetId}/statistics`,
    );
    expect(region).toMatchObject({ voxels: 18, ct: { voxels: 18, mean: 150, min: 100, max: 200 } });

    await storeSct();
    const { receipt } = (await exportJob(exportOf('exported'), testContext())) as ExportResult;
    expect(receipt.structureSets).toEqual([]);
    expect(receipt.findings).toMatchObject([{ code: 'structures-stay', details: { labels: 'PLAN' } }]);
  });
});

describe('a structure set that is imported', () => {
  it('joins the case it was drawn on, once, and is served with its contours', async () => {
    const { path } = await draw('plan.dcm');
    expect(await reasons(path)).toEqual([['loaded', undefined]]);
    expect(await reasons(path)).toEqual([['merged', 'structures-known']]);
    expect((await json<CaseDetail>(`/api/cases/${caseId}`)).structureSets).toBe(1);
    const [set] = await json<StructureSetBody[]>(`/api/cases/${caseId}/structures`);
    expect(set).toMatchObject({ label: 'PLAN', fits: true, findings: [] });
    expect(set!.regions[0]).toMatchObject({ name: 'Bladder', colour: [255, 0, 0], type: 'ORGAN' });
    expect(set!.regions[0]!.contours.map(({ closed, points }) => [closed, points.length])).toEqual([
      [true, 12],
      [true, 12],
    ]);
  });

  it('is refused in words when its frame of reference is another, or its patient', async () => {
    const frame = await draw('frame.dcm', { frameOfReferenceUid: '9.9' });
    expect(await reasons(frame.path)).toEqual([['skipped', 'structures-other-frame']]);
    const patient = await draw('patients.dcm', { patientId: 'P-2' });
    expect(await reasons(patient.path)).toEqual([['skipped', 'structures-other-patient']]);
    const nowhere = await draw('nowhere1.dcm', {
      frameOfReferenceUid: '9.9',
      uids: ['7.1', '7.2', '7.3', '7.4'],
    });
    expect(await reasons(nowhere.path)).toEqual([['skipped', 'structures-without-image']]);
  });

  it('is taken when it was drawn on another series of the same frame, which is said', async () => {
    const { path } = await draw('other.dcm', { uids: ['8.1', '8.2', '8.3', '8.4'] });
    const { findings } = await importPaths([path], world.services.workspace);
    expect(findings.map(({ code }) => code)).toEqual(['structures-imported', 'structures-other-images']);
  });

  it('is told to have slices without a contour between those with one', async () => {
    const { path } = await draw('gaps.dcm', { slices: [0, 2] });
    const { findings } = await importPaths([path], world.services.workspace);
    expect(findings).toContainEqual({
      code: 'structures-gaps',
      severity: 'warning',
      subject: caseId,
      details: { regions: 'Bladder' },
    });
  });

  it('is measured in the sCT, by the window and the command line alike', async () => {
    await importPaths([(await draw('plan.dcm')).path], world.services.workspace);
    await storeSct();
    const [set] = await json<StructureSetBody[]>(`/api/cases/${caseId}/structures`);
    const path = `/api/cases/${caseId}/structures/${set!.structureSetId}/statistics`;
    const [region] = await json<RegionBody[]>(`${path}?sct=sct-a`);
    const inside = [1, 2].flatMap((k) => [2, 3, 4].flatMap((j) => [2, 3, 4].map((i) => i + 8 * j + 64 * k)));
    const mean = inside.reduce((sum, value) => sum + value) / 18;
    expect(region).toMatchObject({
      voxels: 18,
      ct: null,
      sct: { voxels: 18, min: inside[0], max: inside[17] },
    });
    expect(region!.sct!.mean).toBeCloseTo(mean, 9);
    const context = { workspaceDirectory: world.folder } as Parameters<typeof structuresCommand.run>[0];
    const { data, text } = await structuresCommand.run(context, {}, [caseId]);
    expect(data).toMatchObject({ caseId, sctId: 'sct-a', sets: [{ fits: true, regions: [region] }] });
    expect(text).toContain('Bladder');
    const missing = await world.request(`/api/cases/${caseId}/structures/rtss-000000000000/statistics`);
    expect(await missing.json()).toMatchObject({ error: { code: 'STRUCTURES_NOT_FOUND' } });
  });

  it('leaves with the sCT on its images, comes with its identifiers in the receipt, and is known when it comes back', async () => {
    const { path, set } = await draw('plan.dcm');
    await importPaths([path], world.services.workspace);
    await storeSct();
    const { receipt } = (await exportJob(exportOf('exported'), testContext())) as ExportResult;
    const [told] = receipt.structureSets;
    expect(told).toMatchObject({ file: 'RS_0001.dcm', label: 'PLAN', regions: 1, contours: 2 });
    const written = readRtStructureSet(readFileSync(at('exported/RS_0001.dcm')), 'RS');
    expect(written.structureSet).toEqual({ ...set, sopInstanceUid: told!.sopInstanceUid });
    expect(written.rewrittenFrom).toBe(told!.predecessorUid);
    expect([...written.imageUids].sort()).toEqual([...receipt.sopInstanceUids].sort());
    const back = await importPaths([at('exported')], world.services.workspace);
    // Both are here already: the images as the sCT, the set as the one it was made from.
    expect(new Set(back.outcomes.map(({ outcome, reason }) => `${outcome} ${reason?.code}`))).toEqual(
      new Set(['merged sct-known', 'merged structures-known']),
    );
    if (spawnSync('dciodvfy', ['-version']).error === undefined) {
      const { stderr } = spawnSync('dciodvfy', [at('exported/RS_0001.dcm')], { encoding: 'utf8' });
      expect(stderr.split('\n').filter((line) => line.startsWith('Error'))).toEqual([]);
    }
  });
});
