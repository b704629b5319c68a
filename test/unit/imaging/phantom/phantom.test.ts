import { describe, expect, it } from 'vitest';
import { bodyMask } from '../../../../src-main/imaging/mask/bodyMask.ts';
import { mutualInformation } from '../../../../src-main/imaging/metrics/mutualInformation.ts';
import { tissueErrors } from '../../../../src-main/imaging/metrics/tissueErrors.ts';
import { createPhantomCase } from '../../../../src-main/imaging/phantom/createPhantomCase.ts';
import { phantomCohort } from '../../../../src-main/imaging/phantom/phantomCohort.ts';
import { tissues } from '../../../../src-main/imaging/phantom/tissues.ts';

const small = { sizePx: [96, 64] as const, spacingMm: 4, slices: 6, sliceSpacingMm: 20 };
const still = createPhantomCase({ ...small, seed: 5, misalignMm: 0 });
const moved = createPhantomCase({ ...small, seed: 5, misalignMm: 8 });

/** Mean of `values` over the voxels of one tissue. */
function meanOf(values: ArrayLike<number>, label: number): number {
  const inside = Array.from(still.labels.data.keys()).filter((at) => still.labels.data[at] === label);
  return inside.reduce((sum, at) => sum + values[at]!, 0) / inside.length;
}

describe('createPhantomCase', () => {
  it('is the same for the same seed and another for another', () => {
    const again = createPhantomCase({ ...small, seed: 5, misalignMm: 8 });
    expect(again.mr.data).toEqual(moved.mr.data);
    expect(again.ct.data).toEqual(moved.ct.data);
    expect(createPhantomCase({ ...small, seed: 6, misalignMm: 0 }).labels.data).not.toEqual(
      still.labels.data,
    );
  });

  it('is exactly aligned without misalignment', () => {
    expect(still.ct.data).toEqual(still.ctAligned.data);
    expect(still.displacement.every((value) => value === 0)).toBe(true);
  });

  it('has the same MR and truth whatever the misalignment', () => {
    expect(moved.mr.data).toEqual(still.mr.data);
    expect(moved.ctAligned.data).toEqual(still.ctAligned.data);
  });

  it('displaces by the chosen millimetres at most, somewhere inside the body', () => {
    const count = moved.labels.data.length;
    let peak = 0;
    moved.bodyMask.data.forEach((inside, at) => {
      const d = moved.displacement;
      if (inside) peak = Math.max(peak, Math.hypot(d[at]!, d[count + at]!, d[2 * count + at]!));
    });
    expect(peak).toBeCloseTo(8, 4);
  });

  it('varies contrast and noise of the MR between cases where it is asked to, and nothing of the CT', () => {
    /** Muscle over bladder in the MR: the gain cancels, the receive field nearly. */
    const contrast = (seed: number, variety: number): number => {
      const one = createPhantomCase({ ...small, seed, misalignMm: 0, variety });
      const mean = (label: number): number => {
        const inside = Array.from(one.labels.data.keys()).filter((at) => one.labels.data[at] === label);
        return inside.reduce((sum, at) => sum + one.mr.data[at]!, 0) / inside.length;
      };
      return mean(tissues.muscle.label) / mean(tissues.bladder.label);
    };
    const spread = (variety: number): number => {
      const all = [5, 6, 7, 8].map((seed) => contrast(seed, variety));
      return Math.max(...all) / Math.min(...all);
    };
    expect(spread(0)).toBeLessThan(1.25);
    expect(spread(1)).toBeGreaterThan(1.5);
    const varied = createPhantomCase({ ...small, seed: 5, misalignMm: 8, variety: 1 });
    expect(varied.mr.data).not.toEqual(moved.mr.data);
    expect(varied.ct.data).toEqual(moved.ct.data);
    expect(varied.labels.data).toEqual(moved.labels.data);
  });

  it('moves bone edges in part of the pixels only', () => {
    let bone = 0;
    let wrong = 0;
    still.ctAligned.data.forEach((hu, at) => {
      if (hu < 150) return;
      bone++;
      if (Math.abs(moved.ct.data[at]! - hu) > 100) wrong++;
    });
    expect(wrong / bone).toBeGreaterThan(0.15);
    expect(wrong / bone).toBeLessThan(0.85);
  });

  it('has CT numbers and MR contrasts of a pelvis', () => {
    const { ctAligned, mr } = still;
    expect(meanOf(ctAligned.data, tissues.air.label)).toBeCloseTo(-1000, -1.5);
    expect(meanOf(ctAligned.data, tissues.fat.label)).toBeGreaterThan(-125);
    expect(meanOf(ctAligned.data, tissues.fat.label)).toBeLessThan(-70);
    expect(meanOf(ctAligned.data, tissues.muscle.label)).toBeGreaterThan(10);
    expect(meanOf(ctAligned.data, tissues.muscle.label)).toBeLessThan(75);
    expect(meanOf(ctAligned.data, tissues.cortex.label)).toBeGreaterThan(450);
    const signal = (label: number): number => meanOf(mr.data, label);
    expect(signal(tissues.fat.label)).toBeGreaterThan(1.7 * signal(tissues.muscle.label));
    expect(signal(tissues.muscle.label)).toBeGreaterThan(1.3 * signal(tissues.bladder.label));
    expect(signal(tissues.trabecular.label)).toBeGreaterThan(1.4 * signal(tissues.cortex.label));
    expect(signal(tissues.air.label)).toBeLessThan(0.1 * signal(tissues.fat.label));
  });
});

describe('a phantom beside the other image functions', () => {
  const fine = { spacingMm: 4, sizePx: [96, 64] as const, slices: 8, sliceSpacingMm: 15 };

  it('never touches the sides of the image', () => {
    for (let seed = 0; seed < 6; seed++) {
      const { data } = createPhantomCase({ ...fine, seed: seed * 977, misalignMm: 0 }).bodyMask;
      const atSide = data.filter((inside, at) => {
        const [i, j] = [at % 96, Math.floor(at / 96) % 64];
        return inside === 1 && (i === 0 || i === 95 || j === 0 || j === 63);
      });
      expect(atSide.length).toBe(0);
    }
  });

  it('has the body mask that its MR shows', () => {
    const { mr, bodyMask: truth } = createPhantomCase({ ...fine, seed: 3, misalignMm: 0 });
    const found = bodyMask(mr, { dilationMm: 0 });
    const count = (values: Uint8Array): number => values.reduce((sum, value) => sum + value, 0);
    const both = count(truth.data.map((value, at) => value & found.data[at]!));
    expect((2 * both) / (count(truth.data) + count(found.data))).toBeGreaterThan(0.97);
  });

  it('has less mutual information and more error the more it is misaligned', () => {
    const cases = [0, 0.5, 4, 8].map((misalignMm) => createPhantomCase({ ...fine, seed: 3, misalignMm }));
    const information = cases.map(({ ct, mr, bodyMask: mask }) =>
      mutualInformation(ct.data, mr.data, mask.data),
    );
    const error = cases.map(({ ct, ctAligned, bodyMask: mask }) =>
      tissueErrors(ctAligned.data, ct.data, mask.data),
    );
    const falling = information.map((value) => -value!.mutualInformation);
    const rising = error.map(({ body }) => body.maeHu!);
    for (const series of [falling, rising]) expect(series).toEqual([...series].sort((a, b) => a - b));
    expect(falling[3]! - falling[0]!).toBeGreaterThan(0.2);
    expect(rising[0]).toBe(0);
  });
});

describe('phantomCohort', () => {
  it('aligns eleven percent of the cases, rounded up, at seeded places', () => {
    const plan = phantomCohort({ cases: 18, seed: 1, misalignMm: 8 });
    expect(plan.map(({ label }) => label).slice(0, 2)).toEqual(['PHANTOM-001', 'PHANTOM-002']);
    expect(plan.filter(({ aligned }) => aligned).map(({ misalignMm }) => misalignMm)).toEqual([0.5, 0.5]);
    expect(plan.filter(({ aligned }) => !aligned).every(({ misalignMm }) => misalignMm === 8)).toBe(true);
    expect(new Set(plan.map(({ seed }) => seed)).size).toBe(18);
    expect(phantomCohort({ cases: 18, seed: 1, misalignMm: 8 })).toEqual(plan);
    expect(phantomCohort({ cases: 18, seed: 2, misalignMm: 8 })).not.toEqual(plan);
  });

  it('never misaligns a case more than told', () => {
    expect(
      phantomCohort({ cases: 3, seed: 1, misalignMm: 0 }).every(({ misalignMm }) => misalignMm === 0),
    ).toBe(true);
  });
});
