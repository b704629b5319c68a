/**
 * Smoother normals on an unmoved surface: each becomes the mean of its neighbours', a few times over. Thick slices leave steps in
 * the image's gradient that would be seen as rings; the points, and with them every measurement and exported mesh, stay exact.
 */
import type { Mesh } from './meshTypes.ts';

export function smoothNormals({ normals, triangles }: Mesh, rounds: number): Float32Array<ArrayBuffer> {
  let from = normals.slice();
  let sums = new Float32Array(normals.length);
  for (let round = 0; round < rounds; round++) {
    sums.set(from);
    for (let at = 0; at < triangles.length; at += 3) {
      const a = 3 * (triangles[at] as number);
      const b = 3 * (triangles[at + 1] as number);
      const c = 3 * (triangles[at + 2] as number);
      for (let axis = 0; axis < 3; axis++) {
        const sum = (from[a + axis] as number) + (from[b + axis] as number) + (from[c + axis] as number);
        sums[a + axis] = (sums[a + axis] as number) + sum;
        sums[b + axis] = (sums[b + axis] as number) + sum;
        sums[c + axis] = (sums[c + axis] as number) + sum;
      }
    }
    normalise(sums);
    [from, sums] = [sums, from];
  }
  return from;
}

function normalise(vectors: Float32Array): void {
  for (let at = 0; at < vectors.length; at += 3) {
    const [x, y, z] = [vectors[at] as number, vectors[at + 1] as number, vectors[at + 2] as number];
    const length = Math.hypot(x, y, z);
    if (length === 0) continue;
    vectors[at] = x / length;
    vectors[at + 1] = y / length;
    vectors[at + 2] = z / length;
  }
}
