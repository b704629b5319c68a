import { describe, expect, it } from 'vitest';
import { niftiHeaderBytes, readNiftiHeader } from '../../../../src-main/formats/nifti/readNifti.ts';
import { writeNifti } from '../../../../src-main/formats/nifti/writeNifti.ts';
import { smallMr } from '../../../fixtures/apiWorld.ts';

describe('the header of a NIfTI file', () => {
  it('is read from the beginning of the file alone, and says where the voxels are', () => {
    const file = writeNifti(smallMr());
    expect(readNiftiHeader(file.subarray(0, niftiHeaderBytes), 'mr.nii')).toEqual({
      grid: smallMr().grid,
      forms: { used: 'sform', apartMm: 0 },
      kind: 'int16',
      littleEndian: true,
      voxelOffset: 352,
      voxelBytes: file.length - 352,
      isScaled: false,
      slope: 1,
      intercept: 0,
    });
  });

  it.each([
    [2, 0, true],
    [1, -1024, true],
    [1, 0, false],
    [0, 5, false],
    [NaN, 0, false],
  ])(
    'tells whether a slope of %d and an intercept of %d change the values: %s',
    (slope, intercept, isScaled) => {
      const file = writeNifti(smallMr());
      const view = new DataView(file.buffer);
      view.setFloat32(112, slope, true);
      view.setFloat32(116, intercept, true);
      expect(readNiftiHeader(file, 'mr.nii').isScaled).toBe(isScaled);
    },
  );

  it('that does not fit into the bytes given is refused', () => {
    expect(() => readNiftiHeader(writeNifti(smallMr()).subarray(0, 300), 'mr.nii')).toThrow('mr.nii');
  });
});
