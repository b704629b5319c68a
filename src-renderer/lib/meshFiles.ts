/** A mesh as a file: binary STL and Wavefront OBJ, both in LPS mm. */
import type { Mesh } from './meshTypes.ts';

type Surface = Pick<Mesh, 'points' | 'triangles'>;

/** Bytes of a binary STL: 80 of text, a count, 50 per triangle. */
export function stlBytes(triangles: number): number {
  return 84 + 50 * triangles;
}

/** `title` is ASCII, at most 80 characters; it must not begin with `solid`, which would mean a text file. */
export function writeStl({ points, triangles }: Surface, title: string): ArrayBuffer {
  const count = triangles.length / 3;
  const bytes = new ArrayBuffer(stlBytes(count));
  const view = new DataView(bytes);
  for (let at = 0; at < Math.min(80, title.length); at++) view.setUint8(at, title.charCodeAt(at) & 127);
  view.setUint32(80, count, true);
  let out = 84;
  for (let t = 0; t < triangles.length; t += 3) {
    const corners = [
      3 * (triangles[t] ?? 0),
      3 * (triangles[t + 1] ?? 0),
      3 * (triangles[t + 2] ?? 0),
    ] as const;
    const numbers = [...faceNormal(points, corners)];
    for (const corner of corners)
      numbers.push(points[corner] ?? 0, points[corner + 1] ?? 0, points[corner + 2] ?? 0);
    for (const value of numbers) {
      view.setFloat32(out, value, true);
      out += 4;
    }
    out += 2;
  }
  return bytes;
}

/** Text of an OBJ file: points, then triangles. */
export function writeObj({ points, triangles }: Surface, title: string): Blob {
  const parts: string[] = [`# ${title}\n`];
  let lines: string[] = [];
  const flush = (): void => {
    parts.push(lines.join(''));
    lines = [];
  };
  for (let at = 0; at < points.length; at += 3) {
    lines.push(`v ${[0, 1, 2].map((axis) => (points[at + axis] ?? 0).toFixed(3)).join(' ')}\n`);
    if (lines.length > 1e5) flush();
  }
  for (let at = 0; at < triangles.length; at += 3) {
    lines.push(`f ${[0, 1, 2].map((corner) => (triangles[at + corner] ?? 0) + 1).join(' ')}\n`);
    if (lines.length > 1e5) flush();
  }
  flush();
  return new Blob(parts, { type: 'model/obj' });
}

function faceNormal(points: Float32Array, [a, b, c]: readonly [number, number, number]): readonly number[] {
  const difference = (p: number, axis: number): number => (points[p + axis] ?? 0) - (points[a + axis] ?? 0);
  const [ux, uy, uz] = [difference(b, 0), difference(b, 1), difference(b, 2)];
  const [vx, vy, vz] = [difference(c, 0), difference(c, 1), difference(c, 2)];
  const normal = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
  const length = Math.hypot(...normal);
  return normal.map((value) => (length > 0 ? value / length : 0));
}
