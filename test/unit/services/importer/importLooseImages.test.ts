import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeMetaImage } from '../../../../src-main/formats/metaimage/writeMetaImage.ts';
import { writeNifti } from '../../../../src-main/formats/nifti/writeNifti.ts';
import { importPaths } from '../../../../src-main/services/importer/importPaths.ts';
import { formatMessage } from '../../../../src-main/shared/messages.ts';
import type { Volume } from '../../../../src-main/shared/volume.ts';
import { outcomeTally, smallVolume, useImportWorld } from '../../../fixtures/importWorld.ts';

const world = useImportWorld();
const { put } = world;

const mask: Volume = { grid: smallVolume.grid, data: Int16Array.of(0, 0, 2, 1, 0, 0, 1, 1) };

describe('NIfTI and MetaImage', () => {
  it('makes cases of SynthRAD2023 and SynthRAD2025 folders, with the centre and the mask', async () => {
    for (const name of ['mr', 'ct'])
      put(`Task1/pelvis/1PA001/${name}.nii.gz`, writeNifti(smallVolume, { gzip: true }));
    put('Task1/pelvis/1PA001/mask.nii.gz', writeNifti(mask, { gzip: true }));
    put('Task1/pelvis/overview/1PA001.png', 'not an image for us');
    for (const name of ['mr', 'ct', 'mask']) {
      put(
        `AB/1ABC042/${name}.mha`,
        writeMetaImage(name === 'mask' ? mask : smallVolume, { compressed: true }),
      );
    }
    const report = await importPaths(
      [join(world.folder, 'Task1'), join(world.folder, 'AB')],
      world.workspace,
    );
    expect(outcomeTally(report)).toEqual({ loaded: 6, 'skipped file-skipped': 1 });
    expect(report.cases.map(({ caseId }) => caseId)).toEqual(['1PA001', '1ABC042']);
    expect(await world.workspace.readCase('1PA001')).toMatchObject({
      center: 'A',
      label: '1PA001',
      mr: { kind: 'nifti' },
    });
    expect((await world.workspace.readCase('1ABC042')).center).toBe('C');
    expect((await world.workspace.readVolume('1PA001', 'mask')).data).toEqual(
      Uint8Array.of(0, 0, 1, 1, 0, 0, 1, 1),
    );
    expect((await world.workspace.readCohort()).cases[0]).toEqual({
      caseId: '1PA001',
      role: 'train',
      center: 'A',
    });
  });

  it('keeps integer images as 16-bit integers and an .mhd with its data file', async () => {
    put('p1_ct.mhd', 'NDims = 3\nDimSize = 2 2 2\nElementType = MET_DOUBLE\nElementDataFile = p1_ct.raw\n');
    put('p1_ct.raw', new Uint8Array(Float64Array.of(-1024, 0, 1, 2, 3, 4, 5, 3000).buffer));
    const report = await importPaths([world.folder], world.workspace);
    expect(outcomeTally(report)).toMatchObject({ loaded: 2 });
    expect((await world.workspace.readVolume('p1', 'ct')).data).toEqual(
      Int16Array.of(-1024, 0, 1, 2, 3, 4, 5, 3000),
    );
  });

  it('says why each file that cannot be taken is not', async () => {
    const nan: Volume = { ...smallVolume, data: Float32Array.of(0, NaN, 1, Infinity, 2, 3, 4, 5) };
    const elsewhere: Volume = {
      ...mask,
      grid: { ...mask.grid, indexToLps: [1, 0, 0, 9, 0, 1, 0, 6, 0, 0, 2.5, 7] },
    };
    const files: [string, Uint8Array | string, string, string][] = [
      ['in/empty_mr.nii', '', 'failed', 'NIFTI_INVALID'],
      ['in/zero', '', 'skipped', 'UNKNOWN_FORMAT'],
      ['in/notes.txt', 'hello', 'skipped', 'UNKNOWN_FORMAT'],
      ['in/broken.dcm', 'hello', 'failed', 'NOT_DICOM'],
      ['in/nan_mr.nii', writeNifti(nan), 'failed', 'VOLUME_NOT_FINITE'],
      ['in/cut_ct.nii', writeNifti(smallVolume).subarray(0, -2), 'failed', 'NIFTI_INVALID'],
      ['in/image.nii', writeNifti(smallVolume), 'skipped', ''],
      ['in/vertebrae_T1.nii', writeNifti(mask), 'skipped', ''],
      ['in/lonely_mask.nii', writeNifti(mask), 'skipped', ''],
      ['in/off_mr.nii', writeNifti(smallVolume), 'loaded', ''],
      ['in/off_mask.nii', writeNifti(elsewhere), 'failed', 'GRID_MISMATCH'],
      ['in/twice_mr.nii', writeNifti(smallVolume), 'skipped', ''],
      ['in/twice_mr.mha', writeMetaImage(smallVolume), 'loaded', ''],
      ['in/x/off_mr.nii', writeNifti(smallVolume), 'failed', ''],
    ];
    for (const [path, bytes] of files) put(path, bytes);
    const { outcomes } = await importPaths([join(world.folder, 'in')], world.workspace);
    const got = Object.fromEntries(
      outcomes.map(({ path, outcome, reason }) => [
        path.slice(world.folder.length + 1),
        [outcome, reason?.details['error'] ?? ''],
      ]),
    );
    expect(got).toEqual(
      Object.fromEntries(files.map(([path, , outcome, error]) => [path, [outcome, error]])),
    );
    for (const { path, reason } of outcomes) {
      if (reason === undefined) continue;
      expect(reason.subject).toBe(path);
      const text = formatMessage(`findings.${reason.code}`, reason.details);
      expect(text).not.toMatch(/^findings\.|\{\w+\}/);
    }
  });

  it('keeps what is odd about a file by its name alone', async () => {
    const bytes = writeNifti(smallVolume);
    new DataView(bytes.buffer).setFloat32(268, -60, true); // qoffset_x
    put('odd/mr.nii', bytes);
    const { findings, cases } = await importPaths([join(world.folder, 'odd')], world.workspace);
    const kept = (await world.workspace.readCase(cases[0]!.caseId)).mr!.findings;
    expect(findings.map(({ code }) => code)).toEqual(['nifti-forms-differ']);
    expect(kept).toEqual([{ ...findings[0], subject: 'mr.nii' }]);
  });

  it('adds a mask to a case that is there', async () => {
    put('a/mr.nii', writeNifti(smallVolume));
    await importPaths([join(world.folder, 'a')], world.workspace);
    rmSync(join(world.folder, 'a/mr.nii'));
    put('a/mask.nii', writeNifti(mask));
    expect((await importPaths([join(world.folder, 'a')], world.workspace)).cases[0]!.volumes).toEqual([
      'mr',
      'mask',
    ]);
  });
});
