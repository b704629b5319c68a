/**
 * Isosurface of a voxel grid by marching cubes, in LPS mm for any orientation and spacing.
 *
 * A voxel is inside above the threshold, as in the metrics. Points lie where the value crosses it along a cell edge (linear);
 * normals are the image's own gradient there, so shading is smooth without moving a point. Points are shared between triangles.
 * The surface is open where bone leaves the grid. Time grows with the surface, not with the volume (`meshRanges`).
 */
import { affineOf, axisStep, cross, dot } from './geometry.ts';
import { caseTriangles, edgeCorner } from './meshCaseTable.ts';
import { pieceLength, type MeshRanges } from './meshRanges.ts';
import { PointBuilder } from './meshPoints.ts';
import type { Mesh, MeshVolume, Steps } from './meshTypes.ts';

export interface IsosurfaceOptions {
  readonly thresholdHu: number;
  /** Only surface around voxels set here (one byte each), for a part of the bone. */
  readonly within?: Uint8Array | undefined;
}

const triangleEdges = caseTriangles.map((edges) => Uint8Array.from(edges));
/** Bits of the four corners at i+1 become those at i in the next cell. */
const atNext = 0b10101010;

/** Yields the share of slices done. */
export function* extractIsosurface(
  volume: MeshVolume,
  ranges: MeshRanges,
  { thresholdHu, within }: IsosurfaceOptions,
): Steps<Mesh> {
  const [nx, ny, nz] = volume.size;
  const { data } = volume;
  const plane = nx * ny;
  const builder = new PointBuilder(volume, thresholdHu);
  const corners = Int32Array.from({ length: 8 }, (_, c) => (c & 1) + nx * ((c >> 1) & 1) + plane * (c >> 2));
  const affine = affineOf(volume);
  const mirrored = dot(axisStep(affine, 0), cross(axisStep(affine, 1), axisStep(affine, 2))) < 0;
  let triangles = new Uint32Array(1 << 14);
  let count = 0;
  for (let k = 0; k + 1 < nz; k++) {
    builder.startSlice(k);
    for (let j = 0; j + 1 < ny; j++) {
      for (let piece = 0; piece < ranges.piecesPerRow; piece++) {
        if (!crosses(ranges, piece, j + ny * k, ny, thresholdHu)) continue;
        const end = Math.min(nx - 1, (piece + 1) * pieceLength);
        let at = piece * pieceLength + nx * j + plane * k;
        let inside =
          ((data[at] as number) > thresholdHu ? 2 : 0) |
          ((data[at + nx] as number) > thresholdHu ? 8 : 0) |
          ((data[at + plane] as number) > thresholdHu ? 32 : 0) |
          ((data[at + nx + plane] as number) > thresholdHu ? 128 : 0);
        for (let i = piece * pieceLength; i < end; i++, at++) {
          inside =
            ((inside & atNext) >> 1) |
            ((data[at + 1] as number) > thresholdHu ? 2 : 0) |
            ((data[at + nx + 1] as number) > thresholdHu ? 8 : 0) |
            ((data[at + plane + 1] as number) > thresholdHu ? 32 : 0) |
            ((data[at + nx + plane + 1] as number) > thresholdHu ? 128 : 0);
          if (inside === 0 || inside === 255) continue;
          const edges = triangleEdges[inside] as Uint8Array;
          if (count + edges.length > triangles.length) triangles = grown(triangles);
          for (let e = 0; e < edges.length; e += 3) {
            if (within && !within[at + (corners[insideCorner(edges[e] as number, inside)] as number)])
              continue;
            const a = builder.point(i, j, at, edges[e] as number);
            const b = builder.point(i, j, at, edges[e + 1] as number);
            const c = builder.point(i, j, at, edges[e + 2] as number);
            triangles[count] = a;
            triangles[count + 1] = mirrored ? c : b;
            triangles[count + 2] = mirrored ? b : c;
            count += 3;
          }
        }
      }
    }
    yield (k + 1) / nz;
  }
  return { ...builder.finished(), triangles: triangles.slice(0, count) };
}

/** Number of triangles a mesh would have, from every `every`th slice. */
export function estimateTriangles(
  volume: MeshVolume,
  ranges: MeshRanges,
  thresholdHu: number,
  every = 4,
): number {
  const [nx, ny, nz] = volume.size;
  const { data } = volume;
  const plane = nx * ny;
  let count = 0;
  let slices = 0;
  for (let k = Math.floor(every / 2); k + 1 < nz; k += every, slices++) {
    for (let j = 0; j + 1 < ny; j++) {
      for (let piece = 0; piece < ranges.piecesPerRow; piece++) {
        if (!crosses(ranges, piece, j + ny * k, ny, thresholdHu)) continue;
        const end = Math.min(nx - 1, (piece + 1) * pieceLength);
        for (let i = piece * pieceLength; i < end; i++) {
          const at = i + nx * j + plane * k;
          let inside = 0;
          for (let c = 0; c < 8; c++) {
            const corner = at + (c & 1) + nx * ((c >> 1) & 1) + plane * (c >> 2);
            if ((data[corner] as number) > thresholdHu) inside |= 1 << c;
          }
          count += (triangleEdges[inside] as Uint8Array).length / 3;
        }
      }
    }
  }
  return slices > 0 ? Math.round((count * (nz - 1)) / slices) : 0;
}

/** Whether the threshold lies between the values of a piece of four neighbouring rows. */
function crosses(
  { low, high, piecesPerRow }: MeshRanges,
  piece: number,
  row: number,
  ny: number,
  t: number,
): boolean {
  const a = row * piecesPerRow + piece;
  const b = a + piecesPerRow;
  const c = a + ny * piecesPerRow;
  const d = b + ny * piecesPerRow;
  const anyIn =
    (high[a] as number) > t || (high[b] as number) > t || (high[c] as number) > t || (high[d] as number) > t;
  if (!anyIn) return false;
  return !(
    (low[a] as number) > t &&
    (low[b] as number) > t &&
    (low[c] as number) > t &&
    (low[d] as number) > t
  );
}

/** The inside end of a crossed edge. */
function insideCorner(edge: number, inside: number): number {
  const lower = edgeCorner[edge] as number;
  return inside & (1 << lower) ? lower : lower | (1 << (edge >> 2));
}

function grown(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(array.length * 2);
  larger.set(array);
  return larger;
}
