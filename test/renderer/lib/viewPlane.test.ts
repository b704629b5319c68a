import { describe, expect, it } from 'vitest';
import {
  applyAffine,
  affineOf,
  cross,
  dot,
  invertAffine,
  nearestVoxelCentre,
  type Vector3,
} from '../../../src-renderer/lib/geometry.ts';
import { oppositeLetters, orientationLetters } from '../../../src-renderer/lib/orientationLetters.ts';
import {
  onSlice,
  PLANE_NAMES,
  sliceAt,
  sliceDistanceMm,
  viewPlanes,
} from '../../../src-renderer/lib/viewPlane.ts';

/** A grid with the given unit axes and spacings. */
function grid(
  axes: readonly [Vector3, Vector3, Vector3],
  spacing: Vector3 = [1, 2, 3],
  size: Vector3 = [10, 20, 30],
) {
  const column = (row: 0 | 1 | 2): number[] => axes.map((axis, at) => axis[row] * spacing[at]!);
  return { size, indexToLps: [...column(0), -5, ...column(1), -7, ...column(2), 11] };
}
const turned = (degrees: number): readonly [Vector3, Vector3, Vector3] => {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return [
    [1, 0, 0],
    [0, c, s],
    [0, -s, c],
  ];
};
const straight = grid([
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
]);
const near = (a: Vector3, b: Vector3): void => a.forEach((value, at) => expect(value).toBeCloseTo(b[at]!, 9));

describe('viewPlanes', () => {
  it('shows an axial slice from the feet: patient left on the right, anterior up', () => {
    const { axial } = viewPlanes(straight);
    near(axial.right, [1, 0, 0]);
    near(axial.up, [0, -1, 0]);
    near(axial.normal, [0, 0, -1]);
    expect([axial.axis, axial.slices, axial.railSign]).toEqual([2, 30, 1]);
  });

  it('shows coronal slices from the front and sagittal slices from the left', () => {
    const { coronal, sagittal } = viewPlanes(straight);
    near(coronal.up, [0, 0, 1]);
    near(coronal.normal, [0, -1, 0]);
    near(sagittal.right, [0, 1, 0]);
    near(sagittal.normal, [1, 0, 0]);
    expect([coronal.railSign, sagittal.railSign]).toEqual([-1, -1]);
  });

  it('finds the axial plane of a sagittal acquisition', () => {
    const planes = viewPlanes(
      grid([
        [0, 1, 0],
        [0, 0, -1],
        [-1, 0, 0],
      ]),
    );
    expect([planes.axial.axis, planes.coronal.axis, planes.sagittal.axis]).toEqual([1, 0, 2]);
    near(planes.axial.up, [0, -1, 0]);
    near(planes.coronal.right, [1, 0, 0]);
    expect(planes.axial.railSign).toBe(-1);
  });

  it('follows the acquired slices of an oblique volume and says the angle', () => {
    const { axial, coronal, sagittal } = viewPlanes(grid(turned(25)));
    expect(axial.obliqueDegrees).toBeCloseTo(25, 6);
    expect(coronal.obliqueDegrees).toBeCloseTo(25, 6);
    expect(sagittal.obliqueDegrees).toBeCloseTo(0, 6);
    expect(orientationLetters(axial.up)).toBe('AI');
    expect(oppositeLetters(axial.up)).toBe('PS');
    expect(orientationLetters(axial.right)).toBe('L');
    for (const name of PLANE_NAMES) {
      const plane = viewPlanes(grid(turned(25)))[name];
      near(plane.normal, cross(plane.right, plane.up));
      expect(dot(plane.right, plane.up)).toBeCloseTo(0, 9);
    }
  });

  it('keeps one letter up to ten degrees', () => {
    expect(orientationLetters(viewPlanes(grid(turned(9.5))).axial.up)).toBe('A');
    expect(orientationLetters(viewPlanes(grid(turned(10.5))).axial.up)).toBe('AI');
  });

  it('keeps right angles on screen for a sheared grid', () => {
    const sheared = { size: [4, 4, 4] as Vector3, indexToLps: [1, 0, 0, 0, 0, 1, 0.4, 0, 0, 0, 2, 0] };
    const { coronal, axial } = viewPlanes(sheared);
    expect(dot(coronal.right, coronal.up)).toBeCloseTo(0, 9);
    expect(sliceDistanceMm(axial)).toBeCloseTo(2, 9);
  });
});

describe('slices', () => {
  it('goes to a slice and finds it again, on oblique grids too', () => {
    const oblique = grid(turned(25));
    const plane = viewPlanes(oblique).axial;
    const lps = applyAffine(affineOf(oblique), [3, 4, 5]);
    const moved = onSlice(oblique, plane, lps, 17);
    expect(sliceAt(oblique, plane, moved)).toBe(17);
    near(applyAffine(invertAffine(affineOf(oblique)), moved), [3, 4, 17]);
  });

  it('stays inside the volume', () => {
    const plane = viewPlanes(straight).axial;
    expect(sliceAt(straight, plane, [0, 0, 1e4])).toBe(29);
    near(nearestVoxelCentre(straight, [1e4, -1e4, 11]), [4, -7, 11]);
  });
});
