import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { niftiFindings } from '../../../../src-main/formats/nifti/niftiFindings.ts';
import { writeNifti } from '../../../../src-main/formats/nifti/writeNifti.ts';

const sformCode = 254;
const qformCode = 252;
const qoffsetX = 268;

/** 11 × 3 × 2 voxels of 2 × 3 × 5 mm, changed by `edit`. */
function file(edit: (view: DataView) => void): Uint8Array {
  const bytes = writeNifti({
    grid: { size: [11, 3, 2], indexToLps: [2, 0, 0, -10, 0, 3, 0, 20, 0, 0, 5, 30] },
    data: new Int16Array(66),
  });
  edit(new DataView(bytes.buffer));
  return bytes;
}

const found = (edit: (view: DataView) => void): unknown =>
  niftiFindings(file(edit), 'mr.nii').map(({ code, details }) => [code, details]);

describe('a NIfTI file', () => {
  it('with one place in space, said twice or once, has nothing odd', () => {
    expect(found(() => undefined)).toEqual([]);
    expect(found((view) => view.setInt16(sformCode, 0, true))).toEqual([]);
    expect(found((view) => view.setInt16(qformCode, 0, true))).toEqual([]);
  });

  it('whose qform lies elsewhere than its sform is told with the distance, compressed or not', () => {
    const moved = (view: DataView): void => view.setFloat32(qoffsetX, 14, true);
    expect(found(moved)).toEqual([['nifti-forms-differ', { distance: '4.0' }]]);
    expect(niftiFindings(gzipSync(file(moved)), 'mr.nii.gz')).toHaveLength(1);
  });

  it('whose qform is turned is told with the distance of the farthest corner', () => {
    // quatern_d = 1: half a turn about z, so that x and y run back from the first voxel.
    const turned = (view: DataView): void => {
      view.setFloat32(256, 0, true);
      view.setFloat32(260, 0, true);
      view.setFloat32(264, 0, true);
    };
    expect(found(turned)).toEqual([['nifti-forms-differ', { distance: Math.hypot(40, 12).toFixed(1) }]]);
  });

  it('that says nothing of the patient is told', () => {
    const silent = (view: DataView): void => {
      view.setInt16(sformCode, 0, true);
      view.setInt16(qformCode, 0, true);
    };
    expect(found(silent)).toEqual([['nifti-place-unknown', {}]]);
  });
});
