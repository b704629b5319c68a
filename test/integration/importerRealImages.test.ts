/** The importer on public images, its workspace as outside programs see it, and a disk that is full. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeNifti } from '../../src-main/formats/nifti/writeNifti.ts';
import { importPaths } from '../../src-main/services/importer/importPaths.ts';
import { loadStudyVolume } from '../../src-main/services/importer/loadStudyVolume.ts';
import { openWorkspace } from '../../src-main/services/workspace/openWorkspace.ts';
import { affineAxes, affineSpacing } from '../../src-main/shared/affine.ts';
import { findPython, runPython } from '../fixtures/python.ts';
import { sharedData } from '../fixtures/sharedData.ts';

const prostateX = sharedData('picai_prep_prostatex');
const matrad = sharedData('matrad');
const modules = ['nibabel', 'numpy'];
const hasNibabel = findPython(modules) !== null;
const hasDcm2niix = spawnSync('dcm2niix', ['--version']).error === undefined;
if (!hasDcm2niix) process.stderr.write('There is no dcm2niix here: the comparison with it does not run.\n');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ilium-importer-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe.runIf(prostateX)('ProstateX-0000', () => {
  it('imports its axial T2 series, oblique by 18°, and leaves the others with a reason', async () => {
    const workspace = await openWorkspace(join(folder, 'prostatex'));
    const report = await importPaths([join(prostateX!, 'ProstateX-0000')], workspace);
    const loaded = report.outcomes.filter(({ outcome }) => outcome === 'loaded');
    expect(report.outcomes).toHaveLength(19 + 19 + 15 + 3 * 19 + 19 + 19 + 16);
    expect(loaded).toHaveLength(19);
    expect(report.outcomes.every(({ outcome, reason }) => outcome === 'loaded' || reason !== undefined)).toBe(
      true,
    );
    const [record] = await workspace.listCases();
    expect(record!.mr!.source).toMatchObject({ seriesDescription: 't2_tse_tra', patientPosition: 'FFS' });
    const { grid, data } = await workspace.readVolume(record!.caseId, 'mr');
    expect(grid.size).toEqual([384, 384, 19]);
    expect(data).toBeInstanceOf(Int16Array);
    const [, , normal] = affineAxes(grid.indexToLps);
    const degrees = (Math.acos(Math.abs(normal[2])) * 180) / Math.PI;
    console.log(
      `axial T2: ${degrees.toFixed(2)}° from axial, spacing ${affineSpacing(grid.indexToLps).join(' × ')} mm`,
    );
    expect(degrees).toBeGreaterThan(17.5);
    expect(degrees).toBeLessThan(18.9);
  });

  it.runIf(hasDcm2niix && hasNibabel)(
    'has in the workspace the voxels and places that dcm2niix finds',
    async () => {
      const workspace = await openWorkspace(join(folder, 'compared'));
      const series = join(prostateX!, 'ProstateX-0000/07-07-2011/4.000000-t2tsetra-00702');
      const [{ caseId } = { caseId: '' }] = (await importPaths([series], workspace)).cases;
      const out = join(folder, 'dcm2niix');
      mkdirSync(out);
      expect(spawnSync('dcm2niix', ['-z', 'n', '-b', 'n', '-f', 'theirs', '-o', out, series]).status).toBe(0);
      const script = `
import sys, json, nibabel, numpy
ours, theirs = [nibabel.as_closest_canonical(nibabel.load(path)) for path in sys.argv[1:]]
corners = numpy.array([[i, j, k, 1] for i in (0, ours.shape[0] - 1) for j in (0, ours.shape[1] - 1) for k in (0, ours.shape[2] - 1)]).T
print(json.dumps({'shape': ours.shape == theirs.shape, 'mm': float(abs((ours.affine - theirs.affine) @ corners).max()),
  'voxels': int((numpy.asarray(ours.dataobj) != numpy.asarray(theirs.dataobj)).sum())}))`;
      const args = [workspace.volumePath(caseId, 'mr'), join(out, 'theirs.nii')];
      const seen = JSON.parse(runPython(script, { modules, args })) as {
        shape: boolean;
        mm: number;
        voxels: number;
      };
      console.log(
        `dcm2niix: largest distance of a corner ${seen.mm.toExponential(1)} mm, ${seen.voxels} differing voxels`,
      );
      expect(seen).toMatchObject({ shape: true, voxels: 0 });
      expect(seen.mm).toBeLessThan(1e-3);
    },
  );

  it('resamples missing_slice across its gap when it is asked to, and says so', async () => {
    const place = mkdtempSync(join(tmpdir(), 'ilium-evened-'));
    try {
      const workspace = await openWorkspace(place);
      const paths = [join(prostateX!, 'missing_slice')];
      const refused = await importPaths(paths, workspace);
      expect(refused.cases).toEqual([]);
      expect(refused.findings).toContainEqual(expect.objectContaining({ code: 'series-can-be-evened' }));
      const { cases, findings } = await importPaths(paths, workspace, { resample: true });
      expect(findings).toContainEqual(expect.objectContaining({ code: 'series-evened' }));
      const volume = await workspace.readVolume(cases[0]!.caseId, 'mr');
      expect(volume.grid.size[2]).toBe(19);
      expect(affineSpacing(volume.grid.indexToLps)[2]).toBeCloseTo(3, 3);
      const { mr } = await workspace.readCase(cases[0]!.caseId);
      expect(mr?.source?.slices).toHaveLength(18);
      expect(mr?.source?.evened?.largestMm).toBeCloseTo(6, 3);
    } finally {
      rmSync(place, { recursive: true, force: true });
    }
  });

  it('finds the gap of missing_slice, and names the series of a whole study', async () => {
    await expect(loadStudyVolume(join(prostateX!, 'missing_slice'))).rejects.toMatchObject({
      code: 'SERIES_MISSING_SLICE',
      exitCode: 2,
    });
    const study = join(prostateX!, 'ProstateX-0000');
    await expect(loadStudyVolume(study, { modality: 'MR' })).rejects.toMatchObject({
      code: 'SERIES_AMBIGUOUS',
      details: { count: 9 },
    });
    expect((await loadStudyVolume(study, { series: 't2_tse_tra' })).volume.grid.size[2]).toBe(19);
    expect((await loadStudyVolume(study, { series: 'b-value 800' })).volume.grid.size[2]).toBe(19);
  });
});

describe.runIf(matrad)('matRad’s CT pair', () => {
  it('differs by the known mean absolute error', async () => {
    const place = join(matrad!, 'liver_synthetic_ct_pat001');
    const [real, fake] = [
      await loadStudyVolume(join(place, 'real_CT'), { modality: 'CT' }),
      await loadStudyVolume(join(place, 'fake_CT'), { modality: 'CT' }),
    ];
    expect(real.volume.grid.size).toEqual([217, 217, 168]);
    let sum = 0;
    for (let at = 0; at < real.volume.data.length; at++)
      sum += Math.abs(real.volume.data[at]! - fake.volume.data[at]!);
    const mae = sum / real.volume.data.length;
    console.log(`matRad: MAE ${mae.toFixed(5)} HU`);
    expect(mae).toBeCloseTo(9.1509, 4);
  });
});

describe('a full disk', () => {
  it('ends an import with DISK_FULL, and the workspace has only whole cases', async ({ skip }) => {
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk]).status !== 0) {
      process.stderr.write('No small file system can be mounted here: the full-disk test does not run.\n');
      skip('no small file system can be mounted here');
    }
    try {
      const images = join(folder, 'images');
      for (const name of ['a', 'b']) {
        mkdirSync(join(images, name), { recursive: true });
        const volume = {
          grid: { size: [32, 32, 64] as const, indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] as const },
          data: new Int16Array(32 * 32 * 64),
        };
        writeFileSync(join(images, name, 'mr.nii'), writeNifti(volume));
      }
      const workspace = await openWorkspace(join(disk, 'workspace'));
      await expect(importPaths([images], workspace)).rejects.toMatchObject({
        code: 'DISK_FULL',
        exitCode: 1,
      });
      expect((await workspace.listCases()).map(({ caseId }) => caseId)).toEqual(['a']);
      expect(readdirSync(join(workspace.casesDirectory, 'b'))).toEqual([]);
    } finally {
      spawnSync('umount', [disk]);
    }
  });
});
