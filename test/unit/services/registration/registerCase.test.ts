import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAudit } from '../../../../src-main/services/audit/auditLog.ts';
import { enrolCases } from '../../../../src-main/services/importer/enrolCases.ts';
import { sctDirectory, sctRecordSchema } from '../../../../src-main/services/library/sctRecord.ts';
import { openLibrary } from '../../../../src-main/services/library/openLibrary.ts';
import { clearRegistration } from '../../../../src-main/services/registration/clearRegistration.ts';
import { registerCase } from '../../../../src-main/services/registration/registerCase.ts';
import {
  ctToMrOf,
  placementOf,
  readRegistration,
  type RegistrationRecord,
} from '../../../../src-main/services/registration/registrationRecord.ts';
import { invertAffine } from '../../../../src-main/shared/affine.ts';
import {
  rigidAffine,
  rigidFromAffine,
  type RigidTransform,
} from '../../../../src-main/shared/rigidTransform.ts';
import { sameGrid } from '../../../../src-main/shared/volume.ts';
import { writeNifti } from '../../../../src-main/formats/nifti/writeNifti.ts';
import { writeRecord } from '../../../../src-main/workflows/files/record.ts';
import { fileHash } from '../../../../src-main/workflows/files/fileHash.ts';
import { moveVolume } from '../../../../src-main/workflows/register/moveVolume.ts';
import { openPairWorkspace, type PairWorkspace } from '../../../fixtures/pairWorkspace.ts';

const misplaced = rigidAffine({
  rotationsDegrees: [0, 0, 3],
  translationMm: [8, -6, 10],
  centreLps: [0, 0, 0],
});
const truth: RigidTransform = rigidFromAffine(invertAffine(misplaced), [0, 0, 0]);

let pair: PairWorkspace;
beforeEach(async () => {
  pair = await openPairWorkspace(misplaced);
});
afterEach(() => {
  pair.dispose();
});

const place = (placement: RigidTransform, fixed: 'mr' | 'ct' = 'mr'): Promise<RegistrationRecord> =>
  registerCase(pair.workspace, 'pair', {
    fixed,
    placement,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
const findingsOf = async (): Promise<string[]> =>
  (await openLibrary(pair.workspace).read('pair')).findings.map(({ code }) => code);
const files = (): string[] => readdirSync(join(pair.workspace.casesDirectory, 'pair')).sort();

describe('a CT that is placed by hand', () => {
  it('is what the synthetic CTs of the case are measured against from then on', async () => {
    const folder = sctDirectory(pair.workspace, 'pair', 'sct-true');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'sct.nii'), writeNifti(pair.ct));
    await writeRecord(join(folder, 'sct.json'), sctRecordSchema, {
      schemaVersion: 1,
      sctId: 'sct-true',
      createdAt: '2026-01-02T03:04:05.000Z',
      model: { modelId: 'm', name: 'Model', version: '1', weightHash: 'ab' },
      device: 'cpu',
      seconds: 1,
      maeHu: 1234,
      boneDice250: 0,
      findings: [],
    });
    const figures = async () => (await openLibrary(pair.workspace).read('pair')).scts[0]!;
    await place(truth);
    expect(await figures()).toMatchObject({ maeHu: 0, boneDice250: 1 });
    // One that cannot be read does not undo what was done.
    const broken = join(sctDirectory(pair.workspace, 'pair', 'sct-broken'));
    mkdirSync(broken);
    const kept = readFileSync(join(folder, 'sct.json'), 'utf8');
    writeFileSync(join(broken, 'sct.json'), kept.replace('"sct-true"', '"sct-broken"'));
    await place(truth);
    expect((await readAudit(pair.workspace)).entries.at(-1)).toMatchObject({ action: 'register' });
    rmSync(broken, { recursive: true });
    // Where its own file puts it, it does not lie in the MR's space: there is nothing to measure.
    await clearRegistration(pair.workspace, 'pair');
    expect(await figures()).toMatchObject({ maeHu: null, boneDice250: null });
  });

  it('is what everything reads; the imported file stays as it was', async () => {
    const before = await fileHash(pair.workspace.volumePath('pair', 'ct'));
    const record = await place(truth);
    const placed = await pair.workspace.readVolume('pair', 'ct');
    expect(placed.data).toEqual(pair.ct.data);
    expect(sameGrid(placed.grid, pair.ct.grid)).toBe(true);
    expect(await fileHash(pair.workspace.volumePath('pair', 'ct'))).toBe(before);
    expect(files()).toEqual([
      'case.json',
      `ct-${record.registrationId}.nii`,
      'ct.nii',
      'mr.nii',
      'registrations',
    ]);
    expect(record).toMatchObject({ origin: 'manual', fixed: 'mr', moving: 'ct', parameters: truth });
    expect(record.search).toBeUndefined();
    expect(record.inputs.ct).toBe(before);
    expect(record.quality.mutualInformation.after!).toBeGreaterThan(record.quality.mutualInformation.before!);
  });

  it('counts as registered, joins the training, and leaves it when it is put back', async () => {
    const { workspace } = pair;
    await enrolCases(workspace, [{ caseId: 'pair', isNew: true, volumes: ['mr', 'ct'] }]);
    expect(await findingsOf()).toContain('ct-not-registered');
    expect((await workspace.readCohort()).cases).toMatchObject([{ role: 'excluded' }]);

    await place(truth);
    expect(await findingsOf()).not.toContain('ct-not-registered');
    expect((await workspace.readCohort()).cases).toEqual([{ caseId: 'pair', role: 'train' }]);
    expect((await workspace.listCohortStudies())[0]!.ctPath).toMatch(/ct-reg-.*\.nii$/);

    await clearRegistration(workspace, 'pair');
    expect(await findingsOf()).toContain('ct-not-registered');
    expect((await workspace.readCohort()).cases).toMatchObject([{ role: 'excluded' }]);
    expect(files()).toEqual(['case.json', 'ct.nii', 'mr.nii', 'registrations']);
    const { grid } = await workspace.readVolume('pair', 'ct');
    expect(sameGrid(grid, moveVolume(pair.ct, misplaced).grid)).toBe(true);
  });

  it('keeps a role that a person has given, with what is measured now', async () => {
    const { workspace } = pair;
    await workspace.writeCohort({
      schemaVersion: 1,
      cases: [{ caseId: 'pair', role: 'test', mutualInformation: 0.1 }],
    });
    const { quality } = await place(truth);
    expect((await workspace.readCohort()).cases).toEqual([
      { caseId: 'pair', role: 'test', mutualInformation: quality.mutualInformation.after },
    ]);
  });

  it('is measured again in the cohort when it is put back, or no longer counts as measured', async () => {
    const { workspace } = pair;
    const cohort = { schemaVersion: 1 as const, cases: [{ caseId: 'pair', role: 'test' as const }] };
    await workspace.writeCohort({ ...cohort, cases: [{ ...cohort.cases[0]!, mutualInformation: 0.1 }] });
    const record = await workspace.readCase('pair');
    const { frameOfReferenceUid } = record.mr!.source!;
    const source = { ...record.ct!.source!, frameOfReferenceUid };
    await workspace.writeCase({ ...record, ct: { ...record.ct!, source } });
    const { quality, start } = await place(truth);
    expect(start.how).toBe('as-they-lie');
    await clearRegistration(workspace, 'pair');
    const [entry] = (await workspace.readCohort()).cases;
    expect(entry).toMatchObject({ mutualInformation: quality.mutualInformation.before });
    expect(entry!.mutualInformation).not.toBe(quality.mutualInformation.after);
  });

  it('is placed from the imported file each time: records add up, placements do not', async () => {
    const first = await place({ ...truth, translationMm: [100, 0, 0] });
    const second = await place(truth);
    const { grid } = await pair.workspace.readVolume('pair', 'ct');
    expect(sameGrid(grid, pair.ct.grid)).toBe(true);
    expect(files().filter((name) => name.startsWith('ct-'))).toEqual([`ct-${second.registrationId}.nii`]);
    expect(readdirSync(join(pair.workspace.casesDirectory, 'pair/registrations'))).toEqual(
      expect.arrayContaining([`${first.registrationId}.json`, `${second.registrationId}.json`]),
    );
    expect(
      (await readRegistration(pair.workspace, await pair.workspace.readCase('pair')))!.registrationId,
    ).toBe(second.registrationId);
  });

  it('is warned of where it is implausible, in the record and in the case’s findings', async () => {
    const record = await place({
      rotationsDegrees: [0, 0, 40],
      translationMm: [0, 0, 0],
      centreLps: [0, 0, 0],
    });
    expect(record.findings.map(({ code }) => code)).toContain('registration-turned');
    expect(await findingsOf()).toContain('registration-turned');
  });

  it('is told in the audit log, by hashes and without names', async () => {
    const { registrationId, inputs } = await place(truth);
    const text = readFileSync(join(pair.directory, 'audit.jsonl'), 'utf8');
    expect(text).toContain(registrationId);
    expect(text).toContain(inputs.mr);
    const { entries } = await readAudit(pair.workspace);
    expect(entries).toMatchObject([{ action: 'register', subject: 'pair' }]);
  });
});

it('the record says the motion of the image that was moved, and gives the same placement either way', async () => {
  const held = await place(truth, 'ct');
  expect(held).toMatchObject({ fixed: 'ct', moving: 'mr' });
  const wanted = rigidAffine(truth);
  ctToMrOf(held).forEach((value, at) => expect(value).toBeCloseTo(wanted[at]!, 9));
  rigidAffine(placementOf(held)).forEach((value, at) => expect(value).toBeCloseTo(wanted[at]!, 9));
});

it('a case without CT, and one that is not there, cannot be registered', async () => {
  const register = (caseId: string): Promise<unknown> =>
    registerCase(pair.workspace, caseId, {
      fixed: 'mr',
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
  await expect(register('mr-only')).rejects.toMatchObject({
    code: 'CASE_NO_PAIR',
    details: { missing: 'CT' },
  });
  await expect(register('nobody')).rejects.toMatchObject({ code: 'CASE_NOT_FOUND' });
});

it('images that are replaced while they are registered keep their place, and the error says so', async () => {
  const { workspace } = pair;
  const registering = registerCase(workspace, 'pair', {
    fixed: 'mr',
    placement: truth,
    signal: new AbortController().signal,
    onProgress: ({ step }) => {
      if (step === 'measuring mutual information')
        copyFileSync(workspace.volumePath('pair', 'mr'), workspace.volumePath('pair', 'ct'));
    },
  });
  await expect(registering).rejects.toMatchObject({ code: 'CASE_CHANGED', exitCode: 2 });
  expect((await workspace.readCase('pair')).registration).toBeUndefined();
  expect(files()).toEqual(['case.json', 'ct.nii', 'mr.nii']);
});

it('what the record of a case has gained in the meantime stays', async () => {
  const { workspace } = pair;
  const before = await workspace.readCase('pair');
  const path = join(workspace.casesDirectory, 'pair', 'case.json');
  await registerCase(workspace, 'pair', {
    fixed: 'mr',
    placement: truth,
    signal: new AbortController().signal,
    onProgress: ({ step }) => {
      if (step === 'measuring mutual information')
        writeFileSync(path, JSON.stringify({ ...before, label: 'renamed' }));
    },
  });
  expect(await workspace.readCase('pair')).toMatchObject({
    label: 'renamed',
    ct: { file: expect.stringMatching(/^ct-reg/) as unknown },
  });
});

it('stopping before anything is written leaves the case as it was', async () => {
  const before = files();
  const stop = new AbortController();
  const registering = registerCase(pair.workspace, 'pair', {
    fixed: 'mr',
    placement: truth,
    signal: stop.signal,
    onProgress: ({ step }) => {
      if (step === 'measuring mutual information') stop.abort();
    },
  });
  await expect(registering).rejects.toMatchObject({ name: 'AbortError' });
  expect(files()).toEqual(before);
});
