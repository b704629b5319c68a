/**
 * The largest face-connected part of the voxels above a threshold, by union–find over runs: neighbouring voxels of a row are one
 * run, and runs of neighbouring rows that overlap are joined. Memory grows with the runs, not with the voxels.
 */
import type { MeshVolume, Steps } from './meshTypes.ts';

/** One byte per voxel, 1 in the largest part; only voxels set in `within` count, when given. */
export function* largestPart(
  { size: [nx, ny, nz], data }: MeshVolume,
  thresholdHu: number,
  within?: Uint8Array,
): Steps<Uint8Array> {
  const runs = new Runs();
  const rows = new Int32Array(ny * nz + 1);
  for (let row = 0; row < ny * nz; row++) {
    const from = row * nx;
    let start = -1;
    for (let i = 0; i < nx; i++) {
      const isIn = (data[from + i] as number) > thresholdHu && (!within || within[from + i] !== 0);
      if (isIn && start < 0) start = i;
      if (isIn || start < 0) continue;
      runs.add(start, i);
      start = -1;
    }
    if (start >= 0) runs.add(start, nx);
    rows[row + 1] = runs.count;
    if (row % ny > 0) joinOverlaps(runs, rows, row - 1, row);
    if (row >= ny) joinOverlaps(runs, rows, row - ny, row);
    if (row % ny === 0) yield row / (ny * nz);
  }
  const best = runs.largest();
  const out = new Uint8Array(data.length);
  for (let row = 0; row < ny * nz; row++) {
    for (let run = rows[row] as number; run < (rows[row + 1] as number); run++) {
      if (runs.rootOf(run) === best) out.fill(1, row * nx + runs.start(run), row * nx + runs.end(run));
    }
  }
  return out;
}

/** Joins the runs of two rows that share a column; both rows' runs ascend. */
function joinOverlaps(runs: Runs, rows: Int32Array, first: number, second: number): void {
  let a = rows[first] as number;
  let b = rows[second] as number;
  const endA = rows[first + 1] as number;
  const endB = rows[second + 1] as number;
  while (a < endA && b < endB) {
    if (runs.start(a) < runs.end(b) && runs.start(b) < runs.end(a)) runs.join(a, b);
    if (runs.end(a) < runs.end(b)) a++;
    else b++;
  }
}

class Runs {
  count = 0;
  #starts = new Int32Array(1 << 12);
  #ends = new Int32Array(1 << 12);
  #parents = new Int32Array(1 << 12);

  add(start: number, end: number): void {
    if (this.count === this.#starts.length) {
      this.#starts = grown(this.#starts);
      this.#ends = grown(this.#ends);
      this.#parents = grown(this.#parents);
    }
    this.#starts[this.count] = start;
    this.#ends[this.count] = end;
    this.#parents[this.count] = this.count;
    this.count++;
  }

  start(run: number): number {
    return this.#starts[run] as number;
  }

  end(run: number): number {
    return this.#ends[run] as number;
  }

  rootOf(run: number): number {
    const parents = this.#parents;
    let root = run;
    while (parents[root] !== root) root = parents[root] as number;
    while (parents[run] !== root) {
      const next = parents[run] as number;
      parents[run] = root;
      run = next;
    }
    return root;
  }

  join(a: number, b: number): void {
    const rootA = this.rootOf(a);
    const rootB = this.rootOf(b);
    this.#parents[Math.max(rootA, rootB)] = Math.min(rootA, rootB);
  }

  /** The root of the part with most voxels; −1 without any. */
  largest(): number {
    const voxels = new Int32Array(this.count);
    let best = -1;
    for (let run = 0; run < this.count; run++) {
      const root = this.rootOf(run);
      voxels[root] = (voxels[root] as number) + this.end(run) - this.start(run);
    }
    for (let run = 0; run < this.count; run++) {
      if ((voxels[run] as number) > (best < 0 ? 0 : (voxels[best] as number))) best = run;
    }
    return best;
  }
}

function grown(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
