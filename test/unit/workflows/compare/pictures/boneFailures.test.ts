import { describe, expect, it } from 'vitest';
import { boneFailures, spotText } from '../../../../../src-main/workflows/compare/pictures/boneFailures.ts';
import type { CaseImages } from '../../../../../src-main/workflows/compare/pictures/caseImages.ts';
import { chooseSlices } from '../../../../../src-main/workflows/compare/pictures/chooseSlices.ts';
import { drawSlices } from '../../../../../src-main/workflows/compare/pictures/drawSlices.ts';

const [nx, ny, nz] = [100, 40, 24] as const;

/** Soft tissue with bars of bone at these columns, each 4 × 4 × `slices` voxels. */
function body(columns: readonly number[], slices = 10): Int16Array {
  const hu = new Int16Array(nx * ny * nz).fill(40);
  for (const column of columns)
    for (let k = 8; k < 8 + slices; k++)
      for (let j = 18; j < 22; j++) for (let i = column; i < column + 4; i++) hu[i + nx * (j + ny * k)] = 700;
  return hu;
}

const bars = [12, 24, 36, 48, 60, 72, 84];
const images: CaseImages = {
  caseId: 'case-a',
  size: [nx, ny, nz],
  spacingMm: [1, 1, 1],
  heightMm: (slice) => slice,
  mr: body(bars),
  ct: body(bars),
  mask: new Uint8Array(nx * ny * nz).fill(1),
  methods: [
    { label: 'same', sct: body(bars) },
    { label: 'one bar', sct: body([12]) },
    { label: 'no bone', sct: body([]) },
  ],
};
const failures = boneFailures(images);

describe('boneFailures', () => {
  it('counts every place, also those that get no arrow', () => {
    const [same, oneBar] = failures;
    expect(same).toEqual({ label: 'same', spots: [], count: 0, voxels: 0 });
    expect(oneBar?.spots).toHaveLength(5);
    expect(oneBar?.count).toBe(6);
    const shown = oneBar!.spots.reduce((sum, { voxels }) => sum + voxels, 0);
    expect(oneBar?.voxels).toBeGreaterThan(shown);
  });

  it('calls a synthetic CT without any bone a total failure, never a success', () => {
    const [, , none] = failures;
    expect(none).toMatchObject({ count: 1, spots: [{ distanceMm: null, kind: 'missing' }] });
    expect(spotText(none!.spots[0]!)).toBe(
      `no bone at all, where the CT has ${none?.voxels} surface voxels of it`,
    );
    expect(spotText({ ...none!.spots[0]!, kind: 'added' })).toContain('the CT has no bone at all');
  });
});

describe('pictures of a total failure', () => {
  it('show the slice it is marked in, with an arrow', () => {
    const slices = chooseSlices(images, failures);
    const voxel = failures[2]!.spots[0]!.voxel;
    expect(slices.some((slice) => Math.abs(slice - voxel[2]) < 10)).toBe(true);
    const [drawn] = drawSlices(images, failures, [voxel[2]]);
    expect(drawn?.methods[2]?.marks).toHaveLength(1);
    expect(drawn?.methods[2]?.marks[0]?.text).toContain('no bone at all');
  });
});
