/** NIfTI and MetaImage against nibabel and numpy: the README's tables, and that nothing is read otherwise than they read it. */
import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { sharedData } from '../fixtures/sharedData.ts';
import {
  hasOracle,
  oddities,
  publicFiles,
  volumeSets,
  volumeTables,
  type VolumeSupport,
} from './volumeSupport.ts';

const isWhole = hasOracle && volumeSets.every((set) => sharedData(set) !== null);
const odd: VolumeSupport[] = [];
const files: VolumeSupport[] = [];

describe.runIf(hasOracle)('NIfTI and MetaImage files', () => {
  beforeAll(async () => {
    odd.push(...(await oddities()));
    for (const set of volumeSets) files.push(...((await publicFiles(set)) ?? []));
  });

  it.runIf(isWhole)('are read as the README says', () => {
    const readme = readFileSync(resolve(import.meta.dirname, '../../README.md'), 'utf8');
    expect(readme).toContain(volumeTables(odd, files));
  });

  it('have the values that nibabel or numpy see, and their place where the file tells it', () => {
    const other = [...odd, ...files].filter(
      ({ agreement }) => agreement !== undefined && agreement !== 'equal',
    );
    expect(other.map(({ what, agreement }) => [what, agreement])).toEqual([
      ['neither qform nor sform', 'values equal'],
    ]);
  });

  it('that differ in nothing but how they are written are all read', () => {
    const refused = odd.filter(({ outcome }) => outcome.startsWith('`'));
    expect(odd.length - refused.length).toBe(49);
    expect(new Set(refused.map(({ outcome }) => outcome))).toEqual(
      new Set(['`NIFTI_INVALID`', '`METAIMAGE_INVALID`', '`VOLUME_NOT_3D`', '`VOLUME_NOT_FINITE`']),
    );
  });

  it.runIf(sharedData('elastix'))('that are flat or a series are refused by name', () => {
    const refused = [...files].filter(({ outcome }) => outcome === '`VOLUME_NOT_3D`');
    expect(refused.map(({ path }) => basename(path))).toEqual(
      expect.arrayContaining(['2DMRI-T1_brain.mha', '2D_2x2_square_object_at_(1,3).mhd']) as string[],
    );
  });
});
