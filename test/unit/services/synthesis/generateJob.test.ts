import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readNifti } from '../../../../src-main/formats/nifti/readNifti.ts';
import { readAudit } from '../../../../src-main/services/audit/auditLog.ts';
import { fileHash } from '../../../../src-main/workflows/files/fileHash.ts';
import { readSct } from '../../../../src-main/services/library/readSct.ts';
import { sctDirectory, sctsDirectory } from '../../../../src-main/services/library/sctRecord.ts';
import { readFinishedSlice } from '../../../../src-main/services/synthesis/finishedSlices.ts';
import { generateJob } from '../../../../src-main/services/synthesis/generateJob.ts';
import { createSctLibrary } from '../../../../src-main/services/synthesis/sctLibrary.ts';
import { compareWithCt } from '../../../../src-main/workflows/evaluate/compareWithCt.ts';
import { readBytes } from '../../../../src-main/workflows/files/readBytes.ts';
import { bodyMask } from '../../../../src-main/imaging/mask/bodyMask.ts';
import { testContext } from '../../../fixtures/tinyTraining.ts';
import {
  openTinyWorkspace,
  releaseTinyModel,
  trainTinyRun,
  type TinyWorkspace,
} from '../../../fixtures/tinyWorkspace.ts';

let tiny: TinyWorkspace;
let modelPath: string;
let scratch: string;
beforeAll(async () => {
  tiny = await openTinyWorkspace();
  await trainTinyRun(tiny, 'run');
  modelPath = await releaseTinyModel(tiny, 'run', 'model');
});
afterAll(() => tiny.dispose());
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'ilium-scratch-'));
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

const paramsOf = (sctId: string, caseId = 'case0') => ({
  workspace: tiny.workspace.directory,
  caseId,
  sctId,
  modelId: 'model',
  modelPath,
  device: 'cpu',
  scratch,
});

describe('generateJob', () => {
  it('writes volume and record together, with figures against the CT inside the body', async () => {
    const context = testContext();
    expect(await generateJob(paramsOf('sct-a'), context)).toEqual({ caseId: 'case0', sctId: 'sct-a' });
    const folder = sctDirectory(tiny.workspace, 'case0', 'sct-a');
    expect(readdirSync(folder).sort()).toEqual(['sct.json', 'sct.nii']);
    const sct = readNifti(await readBytes(join(folder, 'sct.nii')), 'sct');
    const mr = await tiny.workspace.readVolume('case0', 'mr');
    const ct = await tiny.workspace.readVolume('case0', 'ct');
    expect(sct.grid).toEqual(mr.grid);
    const record = await readSct(tiny.workspace, 'case0', 'sct-a');
    expect(record).toMatchObject({
      sctId: 'sct-a',
      device: 'cpu',
      model: { modelId: 'model', name: 'model' },
    });
    expect(record).toMatchObject(compareWithCt(ct, sct, bodyMask(mr, { dilationMm: 0, subject: '' })));
    expect(record.maeHu).toBeGreaterThan(0);
    expect(await createSctLibrary(tiny.workspace).read('case0', 'sct-a')).toMatchObject({
      modelName: 'model',
      size: [36, 40, 4],
    });
  });

  it('hands out every slice as it will be written, while it runs', async () => {
    const context = testContext();
    await generateJob(paramsOf('sct-b'), context);
    const slices = context.events.flatMap((event) => (event.type === 'data' ? [event.data] : []));
    expect(slices).toEqual([0, 1, 2, 3].map((slice) => ({ slice, total: 4 })));
    const path = join(sctDirectory(tiny.workspace, 'case0', 'sct-b'), 'sct.nii');
    const { grid, data } = readNifti(await readBytes(path), path);
    for (const slice of [0, 3]) {
      const { header, bytes } = await readFinishedSlice(scratch, slice);
      const [nx, ny] = grid.size;
      expect(header).toMatchObject({ width: nx, height: ny });
      // The tiny case is stored in axial order already, so its slice k is slice k.
      const written = Float32Array.from(data.subarray(slice * nx * ny, (slice + 1) * nx * ny));
      expect(new Float32Array(bytes.buffer)).toEqual(written);
      expect(header.indexToLps[11]).toBeCloseTo(grid.indexToLps[11] + slice * grid.indexToLps[10], 6);
    }
    await expect(readFinishedSlice(scratch, 4)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  });

  it('leaves nothing in the case when it is stopped half way', async () => {
    const context = testContext((event) => event.type === 'data' && event.data['slice'] === 1);
    await expect(generateJob(paramsOf('sct-c', 'case1'), context)).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(existsSync(sctsDirectory(tiny.workspace, 'case1'))).toBe(false);
  });

  it('keeps what the gate said and notes what was done in the audit log', async () => {
    await generateJob(paramsOf('sct-f'), testContext());
    const { gate, findings } = await readSct(tiny.workspace, 'case0', 'sct-f');
    expect(gate).toMatchObject({ verdict: 'amber', override: null });
    // The tiny model's card holds what its training saw; a NIfTI tells nothing of its sequence.
    expect(gate!.checks.find(({ key }) => key === 'sliceSpacing')).toMatchObject({ verdict: 'green' });
    expect(gate!.checks.find(({ key }) => key === 'sequence')).toMatchObject({ verdict: 'unknown' });
    expect(findings.map(({ code }) => code)).toContain('gate-not-known');
    const { entries, broken } = await readAudit(tiny.workspace);
    expect(broken).toBeUndefined();
    expect(entries.at(-1)).toMatchObject({
      action: 'generate',
      subject: 'case0',
      model: { name: 'model' },
      inputs: { mr: await fileHash(tiny.workspace.volumePath('case0', 'mr')) },
      details: { sct: 'sct-f', gate: 'amber', overridden: false },
    });
  });

  it('makes nothing of an MR that the gate stops, unless there is a reason, which is logged first', async () => {
    const { grid, data } = await tiny.workspace.readVolume('case1', 'mr');
    await tiny.workspace.writeVolume('case1', 'mr', {
      grid,
      data: Float32Array.from(data, (value: number) => value - 1000),
    });
    await expect(generateJob(paramsOf('sct-g', 'case1'), testContext())).rejects.toMatchObject({
      code: 'GATE_STOPPED',
      message: expect.stringContaining('it is no MR'),
    });
    expect(existsSync(sctsDirectory(tiny.workspace, 'case1'))).toBe(false);
    const override = 'values were shifted for this test';
    await expect(
      generateJob({ ...paramsOf('sct-g', 'case1'), override: 'short' }, testContext()),
    ).rejects.toThrow();
    await generateJob({ ...paramsOf('sct-g', 'case1'), override }, testContext());
    const { gate, findings } = await readSct(tiny.workspace, 'case1', 'sct-g');
    expect(gate).toMatchObject({ verdict: 'stop', override });
    expect(findings.find(({ code }) => code === 'gate-overridden')).toMatchObject({
      details: { reason: override },
    });
    const { entries } = await readAudit(tiny.workspace);
    expect(entries.slice(-2)).toMatchObject([
      { action: 'override', subject: 'case1', details: { reason: override, stops: 'modality' } },
      { action: 'generate', details: { sct: 'sct-g', gate: 'stop', overridden: true } },
    ]);
  });

  it('refuses a case that is not there and weights that are not those of the card', async () => {
    await expect(generateJob(paramsOf('sct-d', 'nobody'), testContext())).rejects.toMatchObject({
      code: 'CASE_NOT_FOUND',
    });
    const missing = { ...paramsOf('sct-d'), modelPath: join(modelPath, 'nowhere') };
    await expect(generateJob(missing, testContext())).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
  });
});

describe('an sCT', () => {
  it('is gone with its folder when it is removed', async () => {
    await generateJob(paramsOf('sct-e'), testContext());
    const scts = createSctLibrary(tiny.workspace);
    await scts.remove('case0', 'sct-e');
    expect(readdirSync(sctsDirectory(tiny.workspace, 'case0'))).not.toContain('sct-e');
    await expect(scts.read('case0', 'sct-e')).rejects.toMatchObject({ code: 'SCT_NOT_FOUND' });
    await expect(scts.read('case0', '../case1')).rejects.toMatchObject({ code: 'SCT_NOT_FOUND' });
  });
});
