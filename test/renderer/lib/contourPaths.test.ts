import { describe, expect, it } from 'vitest';
import { contourPath, placeContour } from '../../../src-renderer/lib/contourPaths.ts';
import { viewPlanes } from '../../../src-renderer/lib/viewPlane.ts';

const grid = { size: [20, 20, 5], indexToLps: [2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 3, 10] } as const;
const planes = viewPlanes(grid);
const view = (name: keyof typeof planes) => ({
  width: 200,
  height: 200,
  centre: [20, 20, 16] as const,
  right: planes[name].right,
  up: planes[name].up,
  mmPerPixel: 1,
});
/** A square from 10 to 30 mm at z = 16.6, a fifth of a slice above slice 2. */
const square = placeContour(
  { closed: true, points: [10, 10, 16.6, 30, 10, 16.6, 30, 30, 16.6, 10, 30, 16.6] },
  grid,
);

describe('contours on slices', () => {
  it('are drawn on the slice nearest to them, and on no other', () => {
    const at = (slice: number): string => contourPath([square], planes.axial, slice, view('axial'));
    expect(at(2)).toBe('M90.00 90.00L110.00 90.00L110.00 110.00L90.00 110.00Z');
    expect([at(1), at(3)]).toEqual(['', '']);
  });

  it('mark their edge on the slices that cross them, as long as a slice is thick', () => {
    expect(contourPath([square], planes.coronal, 8, view('coronal'))).toBe(
      'M110.00 100.90L110.00 97.90M90.00 100.90L90.00 97.90',
    );
    expect(contourPath([square], planes.coronal, 2, view('coronal'))).toBe('');
  });

  it('mark the edge of a hole where a keyhole contour is crossed', () => {
    const keyhole = [
      10, 10, 30, 10, 30, 30, 10, 30, 10, 15, 14, 15, 14, 26, 26, 26, 26, 14, 14, 14, 14, 15, 10, 15,
    ];
    const points = keyhole.flatMap((value, at) => (at % 2 === 0 ? [value] : [value, 16]));
    const placed = placeContour({ closed: true, points }, grid);
    const path = contourPath([placed], planes.coronal, 10, view('coronal'));
    const places = path.split('M').flatMap((stroke) => (stroke === '' ? [] : [Number.parseFloat(stroke)]));
    expect(places.sort((a, b) => a - b)).toEqual([90, 94, 106, 110]);
  });

  it('show a single point as a cross, and a line open', () => {
    const point = placeContour({ closed: false, points: [20, 20, 16] }, grid);
    expect(contourPath([point], planes.axial, 2, view('axial'))).toBe('M96 100h8M100 96v8');
    const line = placeContour({ closed: false, points: [10, 20, 16, 20, 20, 16] }, grid);
    expect(contourPath([line], planes.axial, 2, view('axial'))).toBe('M90.00 100.00L100.00 100.00');
  });
});
