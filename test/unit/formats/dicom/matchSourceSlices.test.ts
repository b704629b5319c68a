import { describe, expect, it } from 'vitest';
import { assembleVolume } from '../../../../src-main/formats/dicom/assembleVolume.ts';
import { evened } from '../../../../src-main/formats/dicom/evenStack.ts';
import { groupSeries } from '../../../../src-main/formats/dicom/groupSeries.ts';
import { matchSourceSlices } from '../../../../src-main/formats/dicom/matchSourceSlices.ts';
import { readDicomHeader } from '../../../../src-main/formats/dicom/readDicomHeader.ts';
import type { Vector3 } from '../../../../src-main/shared/affine.ts';
import type { Grid } from '../../../../src-main/shared/volume.ts';
import { buildStack } from '../../../fixtures/dicomBuilder.ts';

/** Source slices (numbered from 0, even or evened) of every axial slice at the places `z`. */
async function matched(position: (k: number) => Vector3, z: readonly number[]): Promise<number[][]> {
  const files = buildStack(5, 2, (k) => ({ position: position(k), sopInstanceUid: `1.${k}` }));
  const [group] = groupSeries(files.map((bytes, at) => readDicomHeader(bytes, String(at)))).groups;
  const { source } = await assembleVolume(evened(group!), (name) => Promise.resolve(files[Number(name)]!));
  return z.map((place) => {
    const grid: Grid = { size: [3, 3, 1], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, place] };
    const [slices] = matchSourceSlices(grid, source).slices;
    return slices!.map(({ sopInstanceUid }) => Number(sopInstanceUid.slice(2)));
  });
}

describe('a slice on another grid', () => {
  it.each<[string, (k: number) => Vector3]>([
    ['straight', (k) => [0, 0, 2 * k]],
    ['tilted', (k) => [3 * k, 0, 2 * k]],
  ])('is made from the slices of a %s stack between which it lies', async (_what, position) => {
    expect(await matched(position, [2, 3, 3.5, 8, 9.5, 12])).toEqual([[1], [1, 2], [1, 2], [4], [4], []]);
  });

  it('in a gap that was bridged is made from the slices at its two ends', async () => {
    const position = (k: number): Vector3 => [0, 0, [0, 3, 6, 12, 15][k]!];
    expect(await matched(position, [3, 7, 9, 11.9, 15])).toEqual([[1], [2, 3], [2, 3], [2, 3], [4]]);
  });
});
