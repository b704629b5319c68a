/** Whole-volume arithmetic of the desk, run in a worker: differences of two volumes and what each slice contains. */
import {
  affineOf,
  applyAffine,
  invertAffine,
  lpsToIndex,
  sameGrid,
  type Affine,
  type Vector3,
} from './geometry.ts';
import { sampleAtIndex } from './sampling.ts';
import type { LoadedVolume } from './volume.ts';

/** Values per slice along the index axes i, j and k. */
export type SliceSignals = readonly [
  Float32Array<ArrayBuffer>,
  Float32Array<ArrayBuffer>,
  Float32Array<ArrayBuffer>,
];

/** HU from which a voxel counts as bone for the slice rail. */
export const BONE_HU = 250;
/** HU from which a voxel counts as tissue: fat lies above, air and the air around the patient below. */
const TISSUE_HU = -500;
/** A slice with fewer voxels of tissue than this share only grazes the skin: its mean says nothing about the image. */
const FEWEST_SHARE = 0.02;

const isHu = (volume: LoadedVolume): boolean => volume.unit === 'HU';

/** a then b as one affine: index of `from` → index of `to`. */
function indexMap(from: LoadedVolume, to: LoadedVolume): Affine {
  const back = invertAffine(affineOf(to));
  const map = (index: Vector3): Vector3 => applyAffine(back, applyAffine(affineOf(from), index));
  const origin = map([0, 0, 0]);
  const column = (index: Vector3): Vector3 => {
    const end = map(index);
    return [end[0] - origin[0], end[1] - origin[1], end[2] - origin[2]];
  };
  const [x, y, z] = [column([1, 0, 0]), column([0, 1, 0]), column([0, 0, 1])];
  return [x[0], y[0], z[0], origin[0], x[1], y[1], z[1], origin[1], x[2], y[2], z[2], origin[2]];
}

/**
 * a − b on a's grid: whole HU when both are HU, else the difference of their places in their typical ranges in per cent (two
 * signals have no common unit). 0 where b does not reach, which nobody is shown: maps end with b, and errors do not count there.
 */
export function differenceVolume(a: LoadedVolume, b: LoadedVolume): LoadedVolume {
  const [nx, ny, nz] = a.size;
  const data = new Int16Array(nx * ny * nz);
  const inHu = isHu(a) && isHu(b);
  const share = ({ typicalRange: [low, high] }: LoadedVolume): readonly [number, number] => [
    low,
    100 / (high - low || 1),
  ];
  const [[lowA, scaleA], [lowB, scaleB]] = inHu
    ? ([
        [0, 1],
        [0, 1],
      ] as const)
    : [share(a), share(b)];
  const minus = (valueA: number, valueB: number): number =>
    (valueA - lowA) * scaleA - (valueB - lowB) * scaleB;
  if (sameGrid(a, b)) {
    for (let at = 0; at < data.length; at += 1)
      data[at] = Math.round(minus(a.data[at] ?? 0, b.data[at] ?? 0));
  } else {
    const map = indexMap(a, b);
    let at = 0;
    for (let k = 0; k < nz; k += 1)
      for (let j = 0; j < ny; j += 1)
        for (let i = 0; i < nx; i += 1, at += 1) {
          const other = sampleAtIndex(b, applyAffine(map, [i, j, k]));
          if (other !== null) data[at] = Math.round(minus(a.data[at] ?? 0, other));
        }
  }
  const typicalRange = inHu ? ([-300, 300] as const) : ([-100, 100] as const);
  return {
    size: a.size,
    indexToLps: a.indexToLps,
    type: 'int16',
    unit: inHu ? 'HU' : 'signal',
    typicalRange,
    data,
  };
}

/** Per slice: the mean of `valueOf` over the voxels that have one; NaN where too few have one to speak for the slice. */
function sliceMeans([nx, ny, nz]: Vector3, valueOf: (at: number, index: Vector3) => number): SliceSignals {
  const sums = [new Float64Array(nx), new Float64Array(ny), new Float64Array(nz)] as const;
  const counts = [new Uint32Array(nx), new Uint32Array(ny), new Uint32Array(nz)] as const;
  const index: [number, number, number] = [0, 0, 0];
  let at = 0;
  for (index[2] = 0; index[2] < nz; index[2] += 1)
    for (index[1] = 0; index[1] < ny; index[1] += 1)
      for (index[0] = 0; index[0] < nx; index[0] += 1, at += 1) {
        const value = valueOf(at, index);
        if (Number.isNaN(value)) continue;
        for (const axis of [0, 1, 2] as const) {
          const slice = index[axis];
          sums[axis][slice] = (sums[axis][slice] ?? 0) + value;
          counts[axis][slice] = (counts[axis][slice] ?? 0) + 1;
        }
      }
  const means = (axis: 0 | 1 | 2): Float32Array<ArrayBuffer> => {
    const least = (FEWEST_SHARE * at) / sums[axis].length;
    return Float32Array.from(sums[axis], (sum, slice) => {
      const count = counts[axis][slice] ?? 0;
      return count > 0 && count >= least ? sum / count : NaN;
    });
  };
  return [means(0), means(1), means(2)];
}

/** The share of bone voxels of every slice. */
export function boneSignals(volume: LoadedVolume): SliceSignals {
  const { data } = volume;
  return sliceMeans(volume.size, (at) => ((data[at] ?? 0) >= BONE_HU ? 1 : 0));
}

/** Per slice: the mean magnitude of `difference` (a − b on a's grid) where a shows tissue, not air, and b reaches. */
export function errorSignals(difference: LoadedVolume, a: LoadedVolume, b: LoadedVolume): SliceSignals {
  const tissueFrom = isHu(a) ? TISSUE_HU : a.typicalRange[0];
  const map = sameGrid(a, b) ? null : indexMap(a, b);
  const reaches = (index: Vector3): boolean =>
    map === null ||
    applyAffine(map, index).every((value, axis) => value >= -0.5 && value <= (b.size[axis] ?? 0) - 0.5);
  return sliceMeans(a.size, (at, index) =>
    (a.data[at] ?? NaN) >= tissueFrom && reaches(index) ? Math.abs(difference.data[at] ?? 0) : NaN,
  );
}

/** The signal of the slice of `volume` nearest to a point, along the volume's axis `axis`; NaN outside. */
export function signalAt(volume: LoadedVolume, signals: SliceSignals, axis: 0 | 1 | 2, lps: Vector3): number {
  return signals[axis][Math.round(lpsToIndex(volume, lps)[axis])] ?? NaN;
}
