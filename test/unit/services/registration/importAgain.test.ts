import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOutcomeLedger } from '../../../../src-main/services/importer/outcomeLedger.ts';
import { storeCase } from '../../../../src-main/services/importer/storeCase.ts';
import { registerCase } from '../../../../src-main/services/registration/registerCase.ts';
import { invertAffine } from '../../../../src-main/shared/affine.ts';
import { rigidFromAffine } from '../../../../src-main/shared/rigidTransform.ts';
import { sameGrid } from '../../../../src-main/shared/volume.ts';
import { moveVolume } from '../../../../src-main/workflows/register/moveVolume.ts';
import { openPairWorkspace, type PairWorkspace } from '../../../fixtures/pairWorkspace.ts';

const misplaced = [1, 0, 0, 8, 0, 1, 0, -6, 0, 0, 1, 10] as const;

let pair: PairWorkspace;
beforeEach(async () => {
  pair = await openPairWorkspace(misplaced);
  await registerCase(pair.workspace, 'pair', {
    fixed: 'mr',
    placement: rigidFromAffine(invertAffine(misplaced), [0, 0, 0]),
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
});
afterEach(() => {
  pair.dispose();
});

/** Imports an image of the case again; `other`: of another series. */
async function importAgain(name: 'mr' | 'ct', other: boolean): Promise<string[]> {
  const before = (await pair.workspace.readCase('pair'))[name]!;
  const source = { ...before.source!, ...(other ? { seriesInstanceUid: '1.2.77' } : {}) };
  const volume = name === 'mr' ? pair.mr : moveVolume(pair.ct, misplaced);
  const { findings } = await storeCase(
    {
      caseId: 'pair',
      label: 'pair',
      images: {
        [name]: {
          kind: 'dicom' as const,
          name: before.name,
          paths: ['a'],
          load: () => Promise.resolve({ volume, source, findings: [] }),
        },
      },
    },
    pair.workspace,
    createOutcomeLedger(['a']),
  );
  return findings.map(({ code }) => code);
}
const placedFiles = (): string[] =>
  readdirSync(join(pair.workspace.casesDirectory, 'pair')).filter((name) => name.startsWith('ct-'));

describe('images of a registered case that are imported again', () => {
  it.each(['mr', 'ct'] as const)('leave the registration as it is when the %s is the same', async (name) => {
    expect(await importAgain(name, false)).not.toContain('registration-dropped');
    expect((await pair.workspace.readCase('pair')).registration).toBeDefined();
    expect(sameGrid((await pair.workspace.readVolume('pair', 'ct')).grid, pair.ct.grid)).toBe(true);
  });

  it.each(['mr', 'ct'] as const)('end it, and say so, when the %s is another one', async (name) => {
    expect(await importAgain(name, true)).toEqual(
      expect.arrayContaining(['image-replaced', 'registration-dropped', 'ct-not-registered']),
    );
    const record = await pair.workspace.readCase('pair');
    expect(record.registration).toBeUndefined();
    expect(record.ct!.file).toBe('ct.nii');
    expect(placedFiles()).toEqual([]);
    const { grid } = await pair.workspace.readVolume('pair', 'ct');
    expect(sameGrid(grid, moveVolume(pair.ct, misplaced).grid)).toBe(true);
  });
});
