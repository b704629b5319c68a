/**
 * The triangles of a cube cut by an isosurface, derived instead of copied (W. Lorensen, H. Cline, "Marching Cubes", 1987).
 *
 * Corner c lies at (c & 1, c >> 1 & 1, c >> 2); a case is the set of inside corners as bits. Edge 4·a + n runs along axis a
 * from its lower corner. On every face each run of inside corners is cut off by one line, so diagonal corners are never joined:
 * two cubes always agree on their common face (no holes), and the parts of the surface are the face-connected parts of the voxels.
 */

/** The lower corner of each edge, by edge number; its axis is the number divided by four. */
export const edgeCorner: readonly number[] = [0, 2, 4, 6, 0, 1, 4, 5, 0, 1, 2, 3];

const edgeBetween = new Map<string, number>();
edgeCorner.forEach((corner, edge) => {
  const other = corner | (1 << (edge >> 2));
  edgeBetween.set(`${corner}-${other}`, edge);
  edgeBetween.set(`${other}-${corner}`, edge);
});

/** Corners of each face, counter-clockwise seen from outside the cube. */
const faces: readonly (readonly number[])[] = [
  [0, 2, 3, 1],
  [4, 5, 7, 6],
  [0, 1, 5, 4],
  [2, 6, 7, 3],
  [0, 4, 6, 2],
  [1, 3, 7, 5],
];

/** For each edge the surface crosses, the edge it goes to next; counter-clockwise seen from the outside of the bone. */
function links(inside: number): Map<number, number> {
  const next = new Map<number, number>();
  const isIn = (corner: number | undefined): boolean =>
    corner !== undefined && (inside & (1 << corner)) !== 0;
  const edge = (face: readonly number[], from: number): number =>
    edgeBetween.get(`${face[from % 4] ?? 0}-${face[(from + 1) % 4] ?? 0}`) ?? 0;
  for (const face of faces) {
    for (let at = 0; at < 4; at++) {
      if (isIn(face[at]) || !isIn(face[(at + 1) % 4])) continue;
      let leave = at + 1;
      while (isIn(face[(leave + 1) % 4])) leave++;
      next.set(edge(face, at), edge(face, leave));
    }
  }
  return next;
}

/** Edges of each case's triangles, three after three. */
export const caseTriangles: readonly (readonly number[])[] = Array.from({ length: 256 }, (_, inside) => {
  const next = links(inside);
  const triangles: number[] = [];
  while (next.size > 0) {
    const loop: number[] = [];
    let [edge] = next.keys();
    while (edge !== undefined && next.has(edge)) {
      const to = next.get(edge);
      loop.push(edge);
      next.delete(edge);
      edge = to;
    }
    for (let at = 1; at + 1 < loop.length; at++) {
      triangles.push(loop[0] ?? 0, loop[at] ?? 0, loop[at + 1] ?? 0);
    }
  }
  return triangles;
});
