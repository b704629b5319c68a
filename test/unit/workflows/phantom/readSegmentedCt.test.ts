import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeNifti } from '../../../../src-main/formats/nifti/writeNifti.ts';
import { structureNumber } from '../../../../src-main/imaging/phantom/structures.ts';
import type { Grid } from '../../../../src-main/shared/volume.ts';
import { readSegmentedCt } from '../../../../src-main/workflows/phantom/readSegmentedCt.ts';

const grid: Grid = { size: [4, 3, 2], indexToLps: [2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 3, 0] };
const ct = { volume: { grid, data: new Int16Array(24) }, sha256: 'of the CT' };

describe('reading the masks of a CT', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ilium-labels-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const mask = (name: string, voxels: readonly number[], on = grid): void => {
    const data = new Uint8Array(24);
    for (const at of voxels) data[at] = 1;
    writeFileSync(join(folder, name), writeNifti({ grid: on, data }, { gzip: true }));
  };

  it('numbers the structures, and finds hips and bladder among them', async () => {
    mask('hip_left.nii.gz', [1, 2]);
    mask('hip_right.nii.gz', [5]);
    mask('urinary_bladder.nii.gz', [9]);
    mask('face.nii.gz', [20]);
    writeFileSync(join(folder, 'notes.txt'), 'not a mask');
    const { structures, hips, bladder, masks } = await readSegmentedCt(ct, folder);
    expect(masks).toBe(3);
    expect(structures[1]).toBe(structureNumber('hip_left.nii.gz'));
    expect(structures[9]).toBe(structureNumber('urinary_bladder.nii.gz'));
    expect(structures[20]).toBe(0);
    expect([hips[1], hips[5], hips[9], bladder[9], bladder[1]]).toEqual([1, 1, 0, 1, 0]);
  });

  it('tells the masks that were used by their digest, whatever the folder is called', async () => {
    mask('hip_left.nii.gz', [1, 2]);
    mask('hip_right.nii.gz', [5]);
    const { sha256 } = await readSegmentedCt(ct, folder);
    expect(sha256).toEqual({ ct: 'of the CT', labels: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
    mask('face.nii.gz', [20]);
    expect((await readSegmentedCt(ct, folder)).sha256).toEqual(sha256);
    mask('hip_right.nii.gz', [6]);
    expect((await readSegmentedCt(ct, folder)).sha256.labels).not.toBe(sha256.labels);
  });

  it('refuses a folder that is not there, one without known masks, and masks of another grid', async () => {
    await expect(readSegmentedCt(ct, join(folder, 'absent'))).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
    });
    await expect(readSegmentedCt(ct, folder)).rejects.toMatchObject({ code: 'LABELS_UNKNOWN' });
    mask('hip_left.nii.gz', [1], { ...grid, indexToLps: [2, 0, 0, 9, 0, 2, 0, 0, 0, 0, 3, 0] });
    await expect(readSegmentedCt(ct, folder)).rejects.toMatchObject({ code: 'GRID_MISMATCH' });
  });
});
