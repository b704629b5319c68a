/** Rigid registration by the command line, and the search itself against our resampler and scipy. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RegisterResult } from '../../src-main/api/contract/jobs.ts';
import { createPhantomCase } from '../../src-main/imaging/phantom/createPhantomCase.ts';
import { resampleVolume } from '../../src-main/imaging/resample/resampleVolume.ts';
import { runElastix, type ElastixResult } from '../../src-main/services/registration/elastixSearch.ts';
import {
  ctToMrOf,
  registrationPath,
  registrationRecordSchema,
} from '../../src-main/services/registration/registrationRecord.ts';
import { openWorkspace, type Workspace } from '../../src-main/services/workspace/openWorkspace.ts';
import {
  affineSpacing,
  applyAffine,
  composeAffine,
  invertAffine,
  type Affine,
  type Vector3,
} from '../../src-main/shared/affine.ts';
import { rigidAffine, turnDegrees } from '../../src-main/shared/rigidTransform.ts';
import { sameGrid, type Volume } from '../../src-main/shared/volume.ts';
import { fileHash } from '../../src-main/workflows/files/fileHash.ts';
import { gridCentre } from '../../src-main/workflows/register/judgeRegistration.ts';
import { moveVolume } from '../../src-main/workflows/register/moveVolume.ts';
import { registrationLevels } from '../../src-main/workflows/register/registrationLevels.ts';
import { findPython, runPython } from '../fixtures/python.ts';
import { runIlium, runIliumJson } from '../fixtures/runIlium.ts';

const { mr, ct } = createPhantomCase({
  seed: 3,
  misalignMm: 0,
  sizePx: [154, 103],
  spacingMm: 2.5,
  slices: 40,
  sliceSpacingMm: 3,
});
const centre = gridCentre(mr);

/** Where the CT of the phantom was put: 4° in-plane, 2° out of it, 6, −4 and 5 mm. */
const misplaced: Affine = rigidAffine({
  rotationsDegrees: [2, 0, 4],
  translationMm: [6, -4, 5],
  centreLps: centre,
});

/** What is left of a known motion after a registration: degrees, and mm at the MR's middle and at its corners. */
function remainder(ctToMr: Affine, truth: Affine): { degrees: number; middleMm: number; cornersMm: number } {
  const left = composeAffine(ctToMr, truth);
  const moved = (point: Vector3): number => {
    const [x, y, z] = applyAffine(left, point);
    return Math.hypot(x - point[0], y - point[1], z - point[2]);
  };
  const ends = [0, 1].flatMap((i) => [0, 1].flatMap((j) => [0, 1].map((k): Vector3 => [i, j, k])));
  const corners = ends.map(([i, j, k]) =>
    applyAffine(mr.grid.indexToLps, [i * (mr.grid.size[0] - 1), j * (mr.grid.size[1] - 1), k * (mr.grid.size[2] - 1)]),
  ); // prettier-ignore
  return {
    degrees: turnDegrees(left),
    middleMm: moved(centre),
    cornersMm: Math.max(...corners.map(moved)),
  };
}

const halfVoxelMm = Math.min(...affineSpacing(mr.grid.indexToLps)) / 2;

describe('ilium register', () => {
  let root: string;
  let workspace: Workspace;
  const put = async (caseId: string, placed: Volume): Promise<void> => {
    await workspace.writeVolume(caseId, 'mr', mr);
    await workspace.writeVolume(caseId, 'ct', placed);
    const image = (name: string) => ({ file: `${name}.nii`, kind: 'nifti' as const, name: `${name}.nii` });
    await workspace.writeCase({
      schemaVersion: 1,
      caseId,
      label: caseId,
      importedAt: '2026-01-02T03:04:05.000Z',
      mr: image('mr'),
      ct: image('ct'),
    });
  };
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'ilium-register-'));
    workspace = await openWorkspace(root);
    await put('turned', moveVolume(ct, misplaced));
    await workspace.writeCohort({
      schemaVersion: 1,
      cases: [{ caseId: 'turned', role: 'train', mutualInformation: 0.1 }],
    });
  });
  afterAll(() => {
    rmSync(root, { recursive: true, force: true });
  });

  it('recovers a known motion within half a voxel and half a degree, and keeps the CT as it was imported', async () => {
    const before = await fileHash(workspace.volumePath('turned', 'ct'));
    const result = runIliumJson<RegisterResult>(['register', 'turned', '--workspace', root]);
    const { registration, findings } = result;
    expect(findings).toEqual([]);
    expect(registration).toMatchObject({ origin: 'automatic', fixed: 'mr', startedFrom: 'as-they-lie' });
    expect(registration.mutualInformation.after!).toBeGreaterThan(2 * registration.mutualInformation.before!);
    expect(registration.bodyOverlap).toBeGreaterThan(0.95);

    const path = registrationPath(workspace, 'turned', registration.registrationId);
    const record = registrationRecordSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
    const left = remainder(ctToMrOf(record), misplaced);
    expect(left.degrees).toBeLessThan(0.5);
    expect(left.middleMm).toBeLessThan(halfVoxelMm);
    expect(left.cornersMm).toBeLessThan(2 * halfVoxelMm);
    const again = rigidAffine(record.parameters).map((value, at) => value - record.movingToFixed[at]!);
    expect(Math.max(...again.map(Math.abs))).toBeLessThan(1e-6);
    expect(await fileHash(workspace.volumePath('turned', 'ct'))).toBe(before);
  });

  it('gives the registered CT to everything that reads the case, and says so in the cohort', async () => {
    const placed = await workspace.readVolume('turned', 'ct');
    expect(placed.data).toEqual(ct.data);
    const onMr = resampleVolume(placed, mr.grid, { interpolation: 'linear', outside: -1024 }).data;
    const differences = onMr.map((hu, at) => Math.abs(hu - ct.data[at]!));
    expect(differences.reduce((sum, value) => sum + value, 0) / onMr.length).toBeLessThan(25);
    const { cases } = await workspace.readCohort();
    expect(cases[0]!.mutualInformation).toBeGreaterThan(0.3);
    const [study] = await workspace.listCohortStudies();
    expect(study!.ctPath).toMatch(/ct-reg-[^/]+\.nii$/);
  });

  it('puts the CT back where its own file has it', async () => {
    const { code } = runIlium(['register', 'turned', '--as-imported', '--workspace', root]);
    expect(code).toBe(0);
    expect((await workspace.readCase('turned')).registration).toBeUndefined();
    const { grid } = await workspace.readVolume('turned', 'ct');
    expect(sameGrid(grid, moveVolume(ct, misplaced).grid)).toBe(true);
    expect(readdirSync(join(workspace.casesDirectory, 'turned')).filter((name) => /^ct-/.test(name))).toEqual(
      [],
    );
    expect(existsSync(join(workspace.casesDirectory, 'turned', 'registrations'))).toBe(true);
  });
});

describe('the transform of elastix', () => {
  const level = registrationLevels(mr, moveVolume(ct, misplaced)).at(-1)!;

  let found: ElastixResult;
  beforeAll(async () => {
    found = await runElastix(level.mr, level.ct);
  });

  it('applied by our resampler gives the image that elastix itself resamples, between oblique grids', () => {
    const { fixedToMoving, resampled } = found;
    expect(turnDegrees(fixedToMoving)).toBeGreaterThan(4);
    const onFixed = moveVolume(level.ct, invertAffine(fixedToMoving));
    const ours = resampleVolume(onFixed, level.mr.grid, { interpolation: 'linear', outside: 0 }).data;
    const apart = ours.map((value, at) => Math.abs(value - resampled.data[at]!));
    expect(apart.reduce((sum, value) => sum + value, 0) / apart.length).toBeLessThan(0.05);
    // At the outermost half voxel the two hold the edge's value by different rules.
    expect(apart.filter((value) => value > 1).length).toBeLessThan(0.002 * apart.length);
  });

  it('is not made up where the images do not meet', async () => {
    const away = moveVolume(level.ct, [1, 0, 0, 5000, 0, 1, 0, 0, 0, 0, 1, 0]);
    await expect(runElastix(level.mr, away)).rejects.toMatchObject({ code: 'REGISTRATION_FAILED' });
  });

  it('gives the same numbers again', async () => {
    expect((await runElastix(level.mr, level.ct)).fixedToMoving).toEqual(found.fixedToMoving);
  });
});

describe.runIf(findPython(['numpy', 'scipy']) !== null)('a placed CT', () => {
  it('equals scipy’s affine_transform on the MR’s grid', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ilium-placed-'));
    try {
      const placed = moveVolume(ct, misplaced);
      writeFileSync(join(folder, 'ct.f32'), new Uint8Array(Float32Array.from(ct.data).buffer));
      const job = {
        size: ct.grid.size,
        grid: ct.grid.indexToLps,
        target: mr.grid.indexToLps,
        motion: misplaced,
      };
      runPython(
        `
import sys, json, numpy as np
from scipy.ndimage import affine_transform
folder, job = sys.argv[1], json.loads(sys.argv[2])
full = lambda rows: np.vstack([np.array(rows).reshape(3, 4), [0, 0, 0, 1]])
ct = np.fromfile(f'{folder}/ct.f32', dtype=np.float32).reshape(job['size'][::-1]).transpose(2, 1, 0)
m = np.linalg.inv(full(job['motion']) @ full(job['grid'])) @ full(job['target'])
out = affine_transform(ct.astype(float), m[:3, :3], m[:3, 3], order=1, mode='constant', cval=-1024)
out.transpose(2, 1, 0).astype(np.float32).tofile(f'{folder}/out.f32')
`,
        { modules: ['numpy', 'scipy'], args: [folder, JSON.stringify(job)] },
      );
      const theirs = new Float32Array(new Uint8Array(readFileSync(join(folder, 'out.f32'))).buffer);
      const ours = resampleVolume(placed, mr.grid, { interpolation: 'linear', outside: -1024 }).data;
      const apart = ours.map((value, at) => Math.abs(value - theirs[at]!));
      // scipy fades out within the outermost voxel; inside it the two are equal.
      expect(apart.filter((value) => value > 0.5).length).toBeLessThan(0.05 * apart.length);
      const [nx, ny, nz] = mr.grid.size;
      const middle = Math.floor(nx / 2) + nx * (Math.floor(ny / 2) + ny * Math.floor(nz / 2));
      expect(Math.max(...apart.subarray(middle - 30, middle + 30))).toBeLessThan(0.05);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
