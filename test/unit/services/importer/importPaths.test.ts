import fc from 'fast-check';
import { existsSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeNifti } from '../../../../src-main/formats/nifti/writeNifti.ts';
import { importPaths } from '../../../../src-main/services/importer/importPaths.ts';
import { openWorkspace } from '../../../../src-main/services/workspace/openWorkspace.ts';
import { buildDicom } from '../../../fixtures/dicomBuilder.ts';
import { outcomeTally, smallVolume, useImportWorld } from '../../../fixtures/importWorld.ts';

const world = useImportWorld();
const { put } = world;

describe('an import', () => {
  it('reports a place that is not there beside the rest, and follows links once', async () => {
    put('a/mr.nii', writeNifti(smallVolume));
    symlinkSync(join(world.folder, 'a'), join(world.folder, 'a/again'));
    const report = await importPaths(
      [join(world.folder, 'a'), join(world.folder, 'none'), join(world.folder, 'a/mr.nii')],
      world.workspace,
    );
    expect(outcomeTally(report)).toEqual({ loaded: 1, 'failed file-failed': 1 });
    expect(report.outcomes.at(-1)!.reason!.details['error']).toBe('FILE_NOT_FOUND');
  });

  it('stops on request with an outcome for every file and whole cases only', async () => {
    for (const name of ['a', 'b', 'c']) put(`in/${name}/mr.nii`, writeNifti(smallVolume));
    const controller = new AbortController();
    const report = await importPaths([join(world.folder, 'in')], world.workspace, {
      signal: controller.signal,
      onProgress: ({ step }) => {
        if (step === 'import cases') controller.abort();
      },
    });
    expect(report.cancelled).toBe(true);
    expect(outcomeTally(report)).toEqual({ loaded: 1, 'skipped import-cancelled': 2 });
    expect(await world.workspace.listCases()).toHaveLength(1);
  });

  it('says that the cohort cannot be read before it writes anything', async () => {
    writeFileSync(world.workspace.cohortPath, '{');
    put('a/mr.nii', writeNifti(smallVolume));
    await expect(importPaths([join(world.folder, 'a')], world.workspace)).rejects.toMatchObject({
      code: 'COHORT_INVALID',
    });
    expect(existsSync(join(world.workspace.casesDirectory, 'a'))).toBe(false);
  });

  it('gives every damaged file one outcome and throws for none', async () => {
    const dicom = buildDicom({ modality: 'MR' });
    const files = [
      dicom,
      buildDicom({ modality: 'CT', encoding: 'implicit', preamble: false, meta: 'none' }),
      writeNifti(smallVolume),
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...files), fc.nat(), fc.uint8Array({ maxLength: 6 })), {
          minLength: 1,
          maxLength: 5,
        }),
        async (damages) => {
          const place = mkdtempSync(join(world.folder, 'fuzz-'));
          const own = await openWorkspace(join(place, 'workspace'));
          damages.forEach(([whole, position, patch], index) => {
            const at = position % whole.length;
            const bytes = patch.length === 0 ? whole.slice(0, at) : whole.slice();
            if (patch.length > 0) bytes.set(patch.subarray(0, whole.length - at), at);
            mkdirSync(join(place, 'in'), { recursive: true });
            writeFileSync(join(place, 'in', `${index}_mr.bin`), bytes);
          });
          const { outcomes } = await importPaths([join(place, 'in')], own);
          expect(outcomes).toHaveLength(damages.length);
          for (const { outcome, reason } of outcomes)
            expect(outcome === 'loaded' || reason !== undefined).toBe(true);
        },
      ),
      { numRuns: 30 },
    );
  });
});
