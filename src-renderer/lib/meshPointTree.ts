/**
 * The nearest of many points, exactly: a balanced k-d tree laid out in one array (J. Bentley, "Multidimensional Binary Search Trees
 * Used for Associative Searching", 1975). A range of points is split at its middle across its widest axis; small ranges are searched
 * whole. About 1 µs a query near a surface of a million points.
 */

/** Ranges up to this many points are not split. */
const leafPoints = 12;

export class PointTree {
  /** Coordinates in the order of the tree, and which point each was. */
  readonly #xyz: Float32Array;
  readonly #order: Int32Array;
  /** Axis a range is split across, at the place of its middle point. */
  readonly #axes: Uint8Array;
  #x = 0;
  #y = 0;
  #z = 0;
  #best = -1;
  #bestSquared = 0;

  /** `points`: x, y, z of each. */
  constructor(points: Float32Array) {
    const count = points.length / 3;
    this.#order = Int32Array.from({ length: count }, (_, point) => point);
    this.#axes = new Uint8Array(count);
    this.#split(points, 0, count);
    this.#xyz = new Float32Array(points.length);
    for (let at = 0; at < count; at++) {
      const from = 3 * (this.#order[at] as number);
      this.#xyz[3 * at] = points[from] as number;
      this.#xyz[3 * at + 1] = points[from + 1] as number;
      this.#xyz[3 * at + 2] = points[from + 2] as number;
    }
  }

  /** Squared distance to the point found last. */
  get squared(): number {
    return this.#bestSquared;
  }

  /** Number of the nearest point; −1 when none is nearer than `within`. */
  nearest(x: number, y: number, z: number, within = Infinity): number {
    this.#x = x;
    this.#y = y;
    this.#z = z;
    this.#bestSquared = within * within;
    // A neighbour's nearest is a good first guess, as points are asked for along a surface.
    const guess = this.#best;
    this.#best = -1;
    if (guess >= 0) this.#look(guess);
    this.#search(0, this.#order.length);
    return this.#best < 0 ? -1 : (this.#order[this.#best] as number);
  }

  #look(at: number): void {
    const squared =
      ((this.#xyz[3 * at] as number) - this.#x) ** 2 +
      ((this.#xyz[3 * at + 1] as number) - this.#y) ** 2 +
      ((this.#xyz[3 * at + 2] as number) - this.#z) ** 2;
    if (squared >= this.#bestSquared) return;
    this.#bestSquared = squared;
    this.#best = at;
  }

  #search(from: number, to: number): void {
    if (to - from <= leafPoints) {
      for (let at = from; at < to; at++) this.#look(at);
      return;
    }
    const middle = (from + to) >> 1;
    const axis = this.#axes[middle] as number;
    const value = axis === 0 ? this.#x : axis === 1 ? this.#y : this.#z;
    const beyond = value - (this.#xyz[3 * middle + axis] as number);
    this.#look(middle);
    if (beyond < 0) {
      this.#search(from, middle);
      if (beyond * beyond < this.#bestSquared) this.#search(middle + 1, to);
    } else {
      this.#search(middle + 1, to);
      if (beyond * beyond < this.#bestSquared) this.#search(from, middle);
    }
  }

  #split(points: Float32Array, from: number, to: number): void {
    if (to - from <= leafPoints) return;
    const middle = (from + to) >> 1;
    const axis = this.#widestAxis(points, from, to);
    this.#axes[middle] = axis;
    this.#select(points, axis, from, to - 1, middle);
    this.#split(points, from, middle);
    this.#split(points, middle + 1, to);
  }

  #widestAxis(points: Float32Array, from: number, to: number): 0 | 1 | 2 {
    const low = [Infinity, Infinity, Infinity];
    const high = [-Infinity, -Infinity, -Infinity];
    // A sample is enough to choose an axis.
    const step = Math.max(1, Math.floor((to - from) / 64));
    for (let at = from; at < to; at += step) {
      for (let axis = 0; axis < 3; axis++) {
        const value = points[3 * (this.#order[at] as number) + axis] as number;
        if (value < (low[axis] as number)) low[axis] = value;
        if (value > (high[axis] as number)) high[axis] = value;
      }
    }
    const [x, y, z] = [0, 1, 2].map((axis) => (high[axis] as number) - (low[axis] as number)) as [
      number,
      number,
      number,
    ];
    return x >= y && x >= z ? 0 : y >= z ? 1 : 2;
  }

  /** Hoare's selection: afterwards no point before `middle` lies higher on the axis, and none after it lower. */
  #select(points: Float32Array, axis: number, first: number, last: number, middle: number): void {
    const order = this.#order;
    while (first < last) {
      const pivot = points[3 * (order[(first + last) >> 1] as number) + axis] as number;
      let i = first;
      let j = last;
      while (i <= j) {
        while ((points[3 * (order[i] as number) + axis] as number) < pivot) i++;
        while ((points[3 * (order[j] as number) + axis] as number) > pivot) j--;
        if (i > j) break;
        const swapped = order[i] as number;
        order[i] = order[j] as number;
        order[j] = swapped;
        i++;
        j--;
      }
      if (middle <= j) last = j;
      else if (middle >= i) first = i;
      else return;
    }
  }
}
