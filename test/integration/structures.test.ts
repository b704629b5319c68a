/** Structure sets of public images: imported, measured, compared with python on the same files. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importPaths } from '../../src-main/services/importer/importPaths.ts';
import { caseStatistics } from '../../src-main/services/structures/caseStatistics.ts';
import { listStructureSets } from '../../src-main/services/structures/structureSetRecord.ts';
import { openWorkspace } from '../../src-main/services/workspace/openWorkspace.ts';
import { findPython, runPython } from '../fixtures/python.ts';
import { sharedData } from '../fixtures/sharedData.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ilium-structures-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const matrad = sharedData('matrad');
const hasPython = findPython(['pydicom', 'skimage', 'numpy']) !== null;

/** Per region: voxels, mean, SD, min and max by pydicom and scikit-image. */
const oracle = `
import sys, json, glob, numpy as np, pydicom
from skimage.measure import grid_points_in_poly
folder = sys.argv[1]
cts = sorted((pydicom.dcmread(f) for f in glob.glob(folder + '/ct_*.dcm')), key=lambda d: float(d.ImagePositionPatient[2]))
hu = np.stack([d.pixel_array * float(d.RescaleSlope) + float(d.RescaleIntercept) for d in cts])
zs = np.array([float(d.ImagePositionPatient[2]) for d in cts])
x0, y0 = map(float, cts[0].ImagePositionPatient[:2]); sy, sx = map(float, cts[0].PixelSpacing)
rt = pydicom.dcmread(folder + '/RTstruct.dcm'); out = {}
for roi, seq in zip(rt.StructureSetROISequence, rt.ROIContourSequence):
    mask = np.zeros(hu.shape, bool)
    for c in seq.ContourSequence:
        p = np.array(c.ContourData, float).reshape(-1, 3); k = int(np.argmin(abs(zs - p[0, 2])))
        # skimage counts corners and edges by its own rule: a hair's shift makes every centre clearly in or out, as the half-open rule does
        mask[k] ^= grid_points_in_poly(hu.shape[1:], np.c_[(p[:, 1] - y0) / sy - 1e-7, (p[:, 0] - x0) / sx - 1e-7])
    v = hu[mask]; out[roi.ROIName] = [int(mask.sum()), v.mean(), v.std(), v.min(), v.max()]
print(json.dumps(out))
`;

describe.skipIf(matrad === null)('the structure set of matRad’s box phantom', () => {
  it.skipIf(!hasPython)(
    'goes to its CT, and its regions hold what pydicom and scikit-image find',
    async () => {
      const data = join(matrad ?? '', 'boxphantom_ct_rtstruct');
      const workspace = await openWorkspace(join(folder, 'box'));
      const report = await importPaths([data], workspace);
      expect(report.outcomes.filter(({ outcome }) => outcome !== 'loaded')).toEqual([]);
      const caseId = report.cases[0]?.caseId ?? '';
      const [set] = await listStructureSets(workspace, caseId);
      expect(set?.structureSet.rois.map(({ name, contours }) => [name, contours.length])).toEqual([
        ['Volume1', 39],
        ['Volume2', 61],
        ['Volume3', 61],
      ]);
      const expected = JSON.parse(
        runPython(oracle, { modules: ['pydicom', 'skimage', 'numpy'], args: [data] }),
      ) as Record<string, number[]>;
      for (const { name, ct, voxels } of await caseStatistics(workspace, caseId, set?.structureSetId ?? '')) {
        const [count, mean, deviation, min, max] = expected[name] ?? [];
        expect([name, voxels, ct?.voxels]).toEqual([name, count, count]);
        expect(ct?.mean).toBeCloseTo(mean ?? NaN, 2);
        expect(ct?.standardDeviation).toBeCloseTo(deviation ?? NaN, 2);
        expect(ct?.min).toBeCloseTo(min ?? NaN, 2);
        expect(ct?.max).toBeCloseTo(max ?? NaN, 2);
      }
    },
  );

  it('is merged when it comes again, and waits for its images when they are not there', async () => {
    const set = join(matrad ?? '', 'boxphantom_ct_rtstruct/RTstruct.dcm');
    const again = await importPaths([set], await openWorkspace(join(folder, 'box')));
    expect(again.outcomes.map(({ outcome, reason }) => [outcome, reason?.code])).toEqual([
      ['merged', 'structures-known'],
    ]);
    const alone = await importPaths([set], await openWorkspace(join(folder, 'alone')));
    expect(alone.outcomes.map(({ outcome, reason }) => [outcome, reason?.code])).toEqual([
      ['skipped', 'structures-without-image'],
    ]);
  });
});

it.skipIf(sharedData('pydicom') === null)(
  'a structure set without meta information is known as one',
  async () => {
    const set = join(sharedData('pydicom') ?? '', 'test_files/rtstruct.dcm');
    const { outcomes } = await importPaths([set], await openWorkspace(join(folder, 'no-meta')));
    expect(outcomes.map(({ reason }) => reason?.code)).toEqual(['structures-without-image']);
  },
);

const rtUtils = sharedData('rt_utils');

describe.skipIf(rtUtils === null)('the structure sets of rt-utils', () => {
  it('are taken once where their frame of reference is that of the images, and refused in words where not', async () => {
    const data = join(rtUtils ?? '', 'mock_data');
    const report = await importPaths([data], await openWorkspace(join(folder, 'rt-utils')));
    const told = report.outcomes.flatMap(({ path, outcome, reason }) =>
      path.endsWith('rt.dcm') ? [[path.slice(data.length + 1), outcome, reason?.code ?? null]] : [],
    );
    expect(told).toEqual([
      ['invalid_reference_rt.dcm', 'loaded', null],
      ['non_existent_reference_rt.dcm', 'merged', 'structures-known'],
      ['rt.dcm', 'skipped', 'structures-other-frame'],
    ]);
  });
});
