/**
 * An sCT while it is made: finished slices gathered into a volume that can be looked at. The distance between slices is read from
 * the first two that come; nothing is shown before, and slices that have not come are air.
 */
import type { SliceHeader, VolumeHeader } from '../../src-main/api/contract/volumes.ts';
import { scale, subtract, type Vector3 } from './geometry.ts';
import { makeVolume, type LoadedVolume } from './volume.ts';

const AIR_HU = -1024;

interface FinishedSlice {
  readonly slice: number;
  readonly header: SliceHeader;
  readonly hu: Float32Array;
}

export class SlicePreview {
  volume: LoadedVolume | null = null;
  readonly #total: number;
  #first: FinishedSlice | null = null;

  constructor(total: number) {
    this.#total = total;
  }

  /** Takes a slice in; returns the slices of `volume` that have new voxels. */
  add(finished: FinishedSlice): readonly number[] {
    if (this.volume) return this.#write(this.volume, finished);
    if (!this.#first || this.#first.slice === finished.slice) {
      this.#first = finished;
      return [];
    }
    this.volume = emptyVolume(this.#first, finished, this.#total);
    return [...this.#write(this.volume, this.#first), ...this.#write(this.volume, finished)];
  }

  #write(volume: LoadedVolume, { slice, header, hu }: FinishedSlice): readonly number[] {
    const [width, height, slices] = volume.size;
    if (header.width !== width || header.height !== height || slice < 0 || slice >= slices) return [];
    volume.data.set(hu.map(Math.round), slice * width * height);
    return [slice];
  }
}

function originOf({ header: { indexToLps } }: FinishedSlice): Vector3 {
  return [indexToLps[3] ?? 0, indexToLps[7] ?? 0, indexToLps[11] ?? 0];
}

function emptyVolume(a: FinishedSlice, b: FinishedSlice, total: number): LoadedVolume {
  const step = scale(subtract(originOf(b), originOf(a)), 1 / (b.slice - a.slice));
  const origin = subtract(originOf(a), scale(step, a.slice));
  const rows = [0, 1, 2].map((row) => {
    const at = row as 0 | 1 | 2;
    return [a.header.indexToLps[4 * row] ?? 0, a.header.indexToLps[4 * row + 1] ?? 0, step[at], origin[at]];
  });
  const header: VolumeHeader = {
    size: [a.header.width, a.header.height, total],
    indexToLps: rows.flat(),
    type: 'int16',
    unit: 'HU',
    typicalRange: [-1000, 1500],
  };
  const data = new Int16Array(a.header.width * a.header.height * total).fill(AIR_HU);
  return makeVolume(header, data.buffer);
}
