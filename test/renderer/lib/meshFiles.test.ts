import { expect, test } from 'vitest';
import { stlBytes, writeObj, writeStl } from '../../../src-renderer/lib/meshFiles.ts';
import { extractIsosurface } from '../../../src-renderer/lib/meshIsosurface.ts';
import { measureRanges } from '../../../src-renderer/lib/meshRanges.ts';
import { finish } from '../../../src-renderer/lib/meshTypes.ts';
import { balls, obliqueAffine } from './spherePhantom.ts';

const volume = balls([40, 34, 18], obliqueAffine([-5, -28, -24]), [{ centre: [0, 0, 0], radiusMm: 9 }]);
const mesh = finish(extractIsosurface(volume, measureRanges(volume), { thresholdHu: 500 }));

test('a binary STL read back has the same triangles in LPS mm and normals out of the bone', () => {
  const bytes = writeStl(mesh, 'Ilium ct bone above 500 HU, LPS mm');
  const view = new DataView(bytes);
  const count = view.getUint32(80, true);
  expect(count).toBe(mesh.triangles.length / 3);
  expect(bytes.byteLength).toBe(stlBytes(count));
  expect(new TextDecoder().decode(bytes.slice(0, 16))).toBe('Ilium ct bone ab');
  for (let t = 0; t < count; t++) {
    const floats = Array.from({ length: 12 }, (_, n) => view.getFloat32(84 + 50 * t + 4 * n, true));
    const corners = [0, 1, 2].map((c) => floats.slice(3 + 3 * c, 6 + 3 * c));
    corners.forEach((corner, c) => {
      const at = 3 * mesh.triangles[3 * t + c]!;
      expect(corner).toEqual([...mesh.points.subarray(at, at + 3)]);
    });
    const outward = [0, 1, 2].reduce((sum, axis) => sum + floats[axis]! * corners[0]![axis]!, 0);
    const isFlat = Math.hypot(floats[0]!, floats[1]!, floats[2]!) < 0.5;
    expect(isFlat || outward > 0).toBe(true);
  }
});

test('an OBJ has every point and counts from one', async () => {
  const lines = (await writeObj(mesh, 'ball').text()).split('\n');
  expect(lines.filter((line) => line.startsWith('v '))).toHaveLength(mesh.points.length / 3);
  const faces = lines
    .filter((line) => line.startsWith('f '))
    .flatMap((line) => line.slice(2).split(' ').map(Number));
  expect(Math.min(...faces)).toBe(1);
  expect(Math.max(...faces)).toBe(mesh.points.length / 3);
});
