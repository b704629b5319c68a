import { describe, expect, it } from 'vitest';
import { createPhantomCase } from '../../../../src-main/imaging/phantom/createPhantomCase.ts';
import { scannedBody, type SegmentedCt } from '../../../../src-main/imaging/phantom/scannedBody.ts';
import { scannedGrid } from '../../../../src-main/imaging/phantom/scannedGrid.ts';
import { scannedSubject } from '../../../../src-main/imaging/phantom/scannedSubject.ts';
import { lookOf, structureNumber } from '../../../../src-main/imaging/phantom/structures.ts';
import { tissues } from '../../../../src-main/imaging/phantom/tissues.ts';
import type { Grid } from '../../../../src-main/shared/volume.ts';

const [nx, ny, nz] = [64, 52, 40];
/** 6 mm voxels; right to left and front to back as NIfTI stores them, far from the scanner's origin. */
const grid: Grid = { size: [nx, ny, nz], indexToLps: [-6, 0, 0, 400, 0, -6, 0, -90, 0, 0, 6, 1000] };
const count = nx * ny * nz;

/** A body with hip bones, a bladder, muscle that is labelled on one side alone, and a couch a hand's breadth below. */
function segmentedCt(): SegmentedCt {
  const data = new Int16Array(count).fill(-1000);
  const [structures, hips, bladder] = [new Uint8Array(count), new Uint8Array(count), new Uint8Array(count)];
  for (let at = 0; at < count; at++) {
    const [i, j, k] = [at % nx, Math.floor(at / nx) % ny, Math.floor(at / nx / ny)];
    const [x, y] = [i - 31.5, ny - 1 - j - 25];
    const r = Math.hypot(x / 27, y / 18);
    if (y === 23) data[at] = 300;
    if (r > 1) continue;
    data[at] = r > 0.8 ? -105 : 50;
    if (r < 0.8 && x > 0) structures[at] = structureNumber('gluteus_maximus_left.nii.gz');
    if (k > 8 && k < 32 && Math.hypot(Math.abs(x) - 13, y) < 5) {
      const edge = Math.hypot(Math.abs(x) - 13, y) > 3.5;
      data[at] = edge ? 700 : 150;
      hips[at] = 1;
      structures[at] = structureNumber('hip_left.nii.gz');
    }
    if (Math.hypot(x / 6, (y + 4) / 5, (k - 17) / 6) < 1) {
      data[at] = 5;
      bladder[at] = 1;
      structures[at] = structureNumber('urinary_bladder.nii.gz');
    }
  }
  return { ct: { grid, data }, structures, hips, bladder };
}

const body = scannedBody(segmentedCt(), 'the CT');
const options = { sizePx: [64, 48] as const, spacingMm: 6, slices: 8, sliceSpacingMm: 12, misalignMm: 0 };
const make = (seed: number, misalignMm = 0) =>
  createPhantomCase({ ...options, seed, misalignMm }, scannedSubject(body));
const still = make(5);

function meanOf(values: ArrayLike<number>, label: number): number {
  const inside = Array.from(still.labels.data.keys()).filter((at) => still.labels.data[at] === label);
  expect(inside.length, String(label)).toBeGreaterThan(20);
  return inside.reduce((sum, at) => sum + values[at]!, 0) / inside.length;
}

describe('how a structure looks in MR', () => {
  it('knows the names of the masks, and none that it should not', () => {
    const bone = structureNumber('hip_left.nii.gz');
    expect(structureNumber('vertebrae_L5.nii.gz')).toBe(bone);
    expect(structureNumber('femur_right.mha')).toBe(bone);
    expect(structureNumber('iliac_vena_left.nii.gz')).toBe(structureNumber('aorta.nii.gz'));
    expect(structureNumber('hippocampus_left.nii.gz')).toBe(0);
    expect(structureNumber('face.nii.gz')).toBe(0);
  });

  it('goes from bright marrow to dark cortex with the CT number', () => {
    const bone = structureNumber('hip_left.nii.gz');
    const signals = [10, 200, 450, 800, 1200, 2600].map((hu) => lookOf(bone, hu).mr);
    expect(signals).toEqual(signals.toSorted((a, b) => b - a));
    expect(signals[0]).toBeCloseTo(tissues.marrow.mr, 9);
    expect(signals.at(-1)).toBe(0);
    expect(lookOf(bone, 700).tissue).toBe(tissues.cortex);
  });

  it('tells fat, muscle, gas and bone without a mask', () => {
    const found = [-900, -100, 50, 250, 900].map((hu) => lookOf(0, hu).tissue);
    expect(found).toEqual([tissues.gas, tissues.fat, tissues.muscle, tissues.trabecular, tissues.cortex]);
    expect(lookOf(0, -100).mr).toBeGreaterThan(0.9);
    expect(lookOf(0, 50).mr).toBeCloseTo(tissues.muscle.mr, 1);
  });
});

describe('a segmented CT', () => {
  it('loses its couch and keeps its bones', () => {
    const { hu, labels } = body;
    const boneVoxels = hu.reduce((sum, value) => sum + (value > 250 ? 1 : 0), 0);
    const original = segmentedCt();
    const hipVoxels = original.hips.reduce(
      (sum, inside, at) => sum + (inside && original.ct.data[at]! > 250 ? 1 : 0),
      0,
    );
    expect(boneVoxels).toBe(hipVoxels);
    expect(labels.every((label, at) => label > 0 || hu[at] === -1000)).toBe(true);
  });

  it('is refused where there is no body', () => {
    const empty = segmentedCt();
    const air = { ...empty, ct: { grid, data: new Int16Array(count).fill(-1000) } };
    expect(() => scannedBody(air, 'the CT')).toThrow('the CT');
  });
});

describe('phantoms from a segmented CT', () => {
  it('are the same for the same seed, and other patients for other seeds', () => {
    expect(make(5).mr.data).toEqual(still.mr.data);
    const other = make(6);
    expect(other.labels.data).not.toEqual(still.labels.data);
    const differing = other.labels.data.filter((label, at) => label !== still.labels.data[at]).length;
    expect(differing / other.labels.data.length).toBeGreaterThan(0.02);
  });

  it('are aligned without misalignment, and displaced by the chosen millimetres with it', () => {
    expect(still.ct.data).toEqual(still.ctAligned.data);
    const moved = make(5, 8);
    expect(moved.mr.data).toEqual(still.mr.data);
    expect(moved.ctAligned.data).toEqual(still.ctAligned.data);
    expect(moved.ct.data).not.toEqual(still.ct.data);
    const voxels = moved.labels.data.length;
    let peak = 0;
    moved.bodyMask.data.forEach((inside, at) => {
      const [x, y, z] = [0, 1, 2].map((n) => moved.displacement[n * voxels + at]!) as [
        number,
        number,
        number,
      ];
      if (inside) peak = Math.max(peak, Math.hypot(x, y, z));
    });
    expect(peak).toBeCloseTo(8, 4);
  });

  it('have the scan’s CT numbers and the MR contrast of their tissues', () => {
    expect(meanOf(still.ctAligned.data, tissues.muscle.label)).toBeGreaterThan(20);
    expect(meanOf(still.ctAligned.data, tissues.cortex.label)).toBeGreaterThan(400);
    const signal = (tissue: { readonly label: number }): number => meanOf(still.mr.data, tissue.label);
    const order = [tissues.fat, tissues.muscle, tissues.bladder].map(signal);
    expect(order).toEqual(order.toSorted((a, b) => b - a));
    expect(signal(tissues.cortex)).toBeLessThan(signal(tissues.trabecular));
  });

  it('lie in the middle of the grid wherever the scan lay', () => {
    const columns = Array.from(still.labels.data.keys()).filter((at) => still.labels.data[at]! > 0);
    const mean = columns.reduce((sum, at) => sum + (at % 64), 0) / columns.length;
    expect(Math.abs(mean - 31.5)).toBeLessThan(3);
  });
});

describe('the grid of phantoms from a scan', () => {
  const at = { spacingMm: 6, sliceSpacingMm: 12, misalignMm: 8 };
  const cutOf = (given: { sizePx?: [number, number]; slices?: number }, seed: number, of = body) =>
    createPhantomCase({ ...at, ...scannedGrid(of, { ...at, ...given }), seed }, scannedSubject(of)).cut;

  it('holds every body and stays within the scan', () => {
    const { sizePx, slices } = scannedGrid(body, at);
    expect(sizePx.map((pixels) => pixels % 8)).toEqual([0, 0]);
    // The body is 54 × 36 voxels of 6 mm, its hip bones 23 slices amid 40 of 6 mm: more than the smallest patient keeps.
    expect(sizePx).toEqual([64, 48]);
    expect(slices).toBe(14);
    for (let seed = 1; seed <= 12; seed++) expect(cutOf({}, seed)).toEqual({ x: false, y: false, slices: 0 });
  });

  it('keeps what was asked for, and tells what that cuts off', () => {
    expect(scannedGrid(body, { ...at, sizePx: [50, 30], slices: 9 })).toEqual({
      sizePx: [50, 30],
      slices: 9,
    });
    expect(cutOf({ sizePx: [72, 30] }, 5)).toEqual({ x: false, y: true, slices: 0 });
    expect(cutOf({ sizePx: [48, 48] }, 5)).toEqual({ x: true, y: false, slices: 0 });
    const { x, y, slices } = cutOf({ slices: 25 }, 5);
    expect([x, y]).toEqual([false, false]);
    expect(slices).toBeGreaterThan(3);
    expect(slices).toBeLessThan(12);
  });

  it('has as few slices as a short scan holds, and tells where even that is too many', () => {
    const full = segmentedCt();
    const of = (first: number, slices: number) => {
      const part = <T extends Int16Array | Uint8Array>(data: T): T =>
        data.subarray(nx * ny * first, nx * ny * (first + slices)) as T;
      return scannedBody(
        {
          ct: { grid: { ...grid, size: [nx, ny, slices] }, data: part(full.ct.data as Int16Array) },
          ...{ structures: part(full.structures), hips: part(full.hips), bladder: part(full.bladder) },
        },
        'the CT',
      );
    };
    expect(scannedGrid(of(8, 24), at).slices).toBeLessThan(10);
    expect(scannedGrid(of(18, 4), at).slices).toBe(1);
    expect(cutOf({ slices: 8 }, 1, of(16, 10)).slices).toBeGreaterThan(1);
  });

  it('is no wider than a body that the scan itself cuts off', () => {
    const narrow = segmentedCt();
    const data = narrow.ct.data as Int16Array;
    // The scan's own field of view ends within the body on either side.
    const columns = nx - 24;
    const inner = <T extends Int16Array | Uint8Array>(all: T): T =>
      all.filter((_, index) => index % nx >= 12 && index % nx < nx - 12) as T;
    const cut = scannedBody(
      {
        ct: { grid: { ...grid, size: [columns, ny, nz] }, data: inner(data) },
        ...{ structures: inner(narrow.structures), hips: inner(narrow.hips), bladder: inner(narrow.bladder) },
      },
      'the CT',
    );
    expect(scannedGrid(cut, at).sizePx[0]).toBeLessThan(64);
    for (let seed = 1; seed <= 4; seed++) expect(cutOf({}, seed, cut).x).toBe(false);
  });
});
