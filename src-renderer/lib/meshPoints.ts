/** Makes the points of an isosurface with their normals, each once: a point belongs to one edge of the voxel grid. */
import { affineOf, invertAffine } from './geometry.ts';
import { edgeCorner } from './meshCaseTable.ts';
import type { Mesh, MeshVolume, VoxelData } from './meshTypes.ts';

export class PointBuilder {
  readonly #data: VoxelData;
  readonly #size: MeshVolume['size'];
  readonly #thresholdHu: number;
  readonly #toLps: Float64Array;
  readonly #toIndex: Float64Array;
  /** Number + 1 of the point on the edge along i, j, k from each voxel of this slice; then i, j of the next; 0 is none. */
  #slots: [Int32Array, Int32Array, Int32Array, Int32Array, Int32Array];
  #points = new Float32Array(1 << 14);
  #normals = new Float32Array(1 << 14);
  #count = 0;
  #k = 0;

  constructor(volume: MeshVolume, thresholdHu: number) {
    const { size, data } = volume;
    const affine = affineOf(volume);
    this.#data = data;
    this.#size = size;
    this.#thresholdHu = thresholdHu;
    this.#toLps = Float64Array.from(affine);
    this.#toIndex = Float64Array.from(invertAffine(affine));
    const slots = (): Int32Array => new Int32Array(size[0] * size[1]);
    this.#slots = [slots(), slots(), slots(), slots(), slots()];
  }

  /** Cells between slice `k` and the next follow. */
  startSlice(k: number): void {
    const [i, j, up, nextI, nextJ] = this.#slots;
    for (const slots of [i, j, up]) slots.fill(0);
    if (k > 0) this.#slots = [nextI, nextJ, up, i, j];
    this.#k = k;
  }

  /** The number of the point on an edge of the cell whose first voxel is (i, j), at `at` of the data. */
  point(i: number, j: number, at: number, edge: number): number {
    const [nx, ny] = this.#size;
    const corner = edgeCorner[edge] as number;
    const axis = edge >> 2;
    const slots = this.#slots[(corner & 4) !== 0 && axis < 2 ? axis + 3 : axis] as Int32Array;
    const ci = i + (corner & 1);
    const cj = j + ((corner >> 1) & 1);
    const slot = ci + nx * cj;
    const known = slots[slot] as number;
    if (known > 0) return known - 1;
    const ck = this.#k + (corner >> 2);
    const from = at + (corner & 1) + nx * ((corner >> 1) & 1) + nx * ny * (corner >> 2);
    this.#add(ci, cj, ck, from, axis);
    slots[slot] = this.#count;
    return this.#count - 1;
  }

  finished(): Pick<Mesh, 'points' | 'normals'> {
    const length = 3 * this.#count;
    return { points: this.#points.slice(0, length), normals: this.#normals.slice(0, length) };
  }

  #add(i: number, j: number, k: number, at: number, axis: number): void {
    const [nx, ny] = this.#size;
    const to = at + (axis === 0 ? 1 : axis === 1 ? nx : nx * ny);
    const start = this.#data[at] as number;
    const share = (this.#thresholdHu - start) / ((this.#data[to] as number) - start);
    // A value that is not a number has no crossing; the middle keeps the mesh finite.
    const f = share >= 0 && share <= 1 ? share : 0.5;
    const [di, dj, dk] = [axis === 0 ? 1 : 0, axis === 1 ? 1 : 0, axis === 2 ? 1 : 0];
    const [x, y, z] = [i + f * di, j + f * dj, k + f * dk];
    const here = 3 * this.#count;
    if (here + 3 > this.#points.length) {
      this.#points = grown(this.#points);
      this.#normals = grown(this.#normals);
    }
    const m = this.#toLps;
    for (let row = 0; row < 3; row++) {
      this.#points[here + row] =
        (m[4 * row] as number) * x +
        (m[4 * row + 1] as number) * y +
        (m[4 * row + 2] as number) * z +
        (m[4 * row + 3] as number);
    }
    this.#writeNormal(
      here,
      this.#slope(at, i, nx, 1) * (1 - f) + this.#slope(to, i + di, nx, 1) * f,
      this.#slope(at, j, ny, nx) * (1 - f) + this.#slope(to, j + dj, ny, nx) * f,
      this.#slope(at, k, this.#size[2], nx * ny) * (1 - f) +
        this.#slope(to, k + dk, this.#size[2], nx * ny) * f,
    );
    this.#count++;
  }

  /** Central difference along one axis, in HU per voxel; one-sided on the grid's border. */
  #slope(at: number, index: number, count: number, stride: number): number {
    const before = index > 0 ? at - stride : at;
    const after = index + 1 < count ? at + stride : at;
    const distance = (index > 0 ? 1 : 0) + (index + 1 < count ? 1 : 0);
    return distance > 0 ? ((this.#data[after] as number) - (this.#data[before] as number)) / distance : 0;
  }

  /** A gradient goes into patient space by the transposed inverse; out of the bone is downhill. */
  #writeNormal(here: number, gi: number, gj: number, gk: number): void {
    const n = this.#toIndex;
    const x = (n[0] as number) * gi + (n[4] as number) * gj + (n[8] as number) * gk;
    const y = (n[1] as number) * gi + (n[5] as number) * gj + (n[9] as number) * gk;
    const z = (n[2] as number) * gi + (n[6] as number) * gj + (n[10] as number) * gk;
    const length = Math.hypot(x, y, z);
    const scale = length > 0 ? -1 / length : 0;
    this.#normals[here] = x * scale;
    this.#normals[here + 1] = y * scale;
    this.#normals[here + 2] = length > 0 ? z * scale : 1;
  }
}

function grown(array: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  const larger = new Float32Array(array.length * 2);
  larger.set(array);
  return larger;
}
