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
export type SliceSignals = readonly [Float32Array, Float32Array, Float32Array];

/** HU from which a voxel counts as bone for the slice rail. */
export const BONE_HU = 250;

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
 * signals have no common unit). 0 where b does not reach.
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

/** Per slice: the share of bone voxels (`bone`), or the mean absolute value (`magnitude`). */
export function sliceSignals(volume: LoadedVolume, kind: 'bone' | 'magnitude'): SliceSignals {
  const [nx, ny, nz] = volume.size;
  const sums: SliceSignals = [new Float32Array(nx), new Float32Array(ny), new Float32Array(nz)];
  const [alongI, alongJ, alongK] = sums;
  const { data } = volume;
  let at = 0;
  for (let k = 0; k < nz; k += 1)
    for (let j = 0; j < ny; j += 1)
      for (let i = 0; i < nx; i += 1, at += 1) {
        const value = data[at] ?? 0;
        const part = kind === 'bone' ? (value >= BONE_HU ? 1 : 0) : Math.abs(value);
        if (part === 0) continue;
        alongI[i] = (alongI[i] ?? 0) + part;
        alongJ[j] = (alongJ[j] ?? 0) + part;
        alongK[k] = (alongK[k] ?? 0) + part;
      }
  const perSlice = [ny * nz, nx * nz, nx * ny];
  sums.forEach((signal, axis) =>
    signal.forEach((sum, slice) => (signal[slice] = sum / (perSlice[axis] ?? 1))),
  );
  return sums;
}

/** The signal of the slice of `volume` nearest to a point, along the volume's axis `axis`; 0 outside. */
export function signalAt(volume: LoadedVolume, signals: SliceSignals, axis: 0 | 1 | 2, lps: Vector3): number {
  return signals[axis][Math.round(lpsToIndex(volume, lps)[axis])] ?? 0;
}
