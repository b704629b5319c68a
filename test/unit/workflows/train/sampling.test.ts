import { describe, expect, it } from 'vitest';
import { metaBatch, slicesOf, spread, trainingBatch } from '../../../../src-main/workflows/train/sampling.ts';
import { stepPlan } from '../../../../src-main/workflows/train/stepPlan.ts';

const planOf = (slices: number, batchSize: number, slicesPerEpoch: number | null = null) =>
  stepPlan(
    { batchSize, slicesPerEpoch, constantEpochs: 3, decayEpochs: 3, warmupEpochs: 0, warmupBatchSize: 1 },
    slices,
  );

const epochOf = (slices: number, batchSize: number, epoch: number, seed = 3): number[][] => {
  const plan = planOf(slices, batchSize);
  const planned = Array.from({ length: plan.totalSteps }, (_, step) => plan.at(step));
  return planned.filter((one) => one.epoch === epoch).map((one) => trainingBatch(slices, one, seed));
};

describe('training batches', () => {
  it('visit every slice once an epoch, each epoch in another order', () => {
    const epochs = [0, 1, 2].map((epoch) => epochOf(24, 6, epoch).flat());
    for (const order of epochs) expect([...order].sort((a, b) => a - b)).toEqual([...Array(24).keys()]);
    expect(new Set(epochs.map(String)).size).toBe(3);
  });

  it('leave out fewer than a batch where the slices do not divide, and others each epoch', () => {
    const epochs = [0, 1, 2, 3].map((epoch) => epochOf(26, 6, epoch).flat());
    for (const order of epochs) {
      expect(order).toHaveLength(24);
      expect(new Set(order).size).toBe(24);
    }
    expect(new Set(epochs.flat()).size).toBe(26);
  });

  it('follow from seed and step alone', () => {
    expect(epochOf(20, 4, 1)).toEqual(epochOf(20, 4, 1));
    expect(epochOf(20, 4, 1, 4)).not.toEqual(epochOf(20, 4, 1, 3));
  });

  it('repeat slices where there are fewer than a batch', () => {
    expect(planOf(3, 6).totalSteps).toBe(6);
    const [batch] = epochOf(3, 6, 0);
    expect(batch).toHaveLength(6);
    expect(new Set(batch).size).toBe(3);
  });

  it('stop early with a limit of slices per epoch', () => {
    expect(planOf(100, 6, 20).totalSteps).toBe(6 * 3);
    expect(planOf(100, 6, 1000).totalSteps).toBe(6 * 16);
  });
});

describe('a warm-up', () => {
  const plan = stepPlan(
    {
      batchSize: 4,
      slicesPerEpoch: 9,
      constantEpochs: 2,
      decayEpochs: 2,
      warmupEpochs: 1,
      warmupBatchSize: 2,
    },
    20,
  );

  it('has batches of its own size and is followed by the rest of the epochs', () => {
    expect(plan.totalSteps).toBe(4 + 3 * 2);
    const steps = Array.from({ length: plan.totalSteps }, (_, step) => plan.at(step));
    expect(steps.map(({ epoch }) => epoch)).toEqual([0, 0, 0, 0, 1, 1, 2, 2, 3, 3]);
    expect(steps.map(({ place }) => place)).toEqual([0, 1, 2, 3, 0, 1, 0, 1, 0, 1]);
    expect(steps.map(({ batchSize }) => batchSize)).toEqual([2, 2, 2, 2, 4, 4, 4, 4, 4, 4]);
    expect(steps.filter(({ isWarmup }) => isWarmup)).toHaveLength(4);
    expect(steps.flatMap(({ endsEpoch }, step) => (endsEpoch ? [step] : []))).toEqual([3, 5, 7, 9]);
  });
});

describe('meta batches', () => {
  it('hold different slices, others each step', () => {
    const batches = Array.from({ length: 50 }, (_, step) => metaBatch(40, 32, 3, step));
    for (const batch of batches) expect(new Set(batch).size).toBe(32);
    expect(new Set(batches.map(String)).size).toBe(50);
    expect(new Set(batches.flat()).size).toBe(40);
    expect(metaBatch(40, 32, 3, 7)).toEqual(batches[7]);
  });

  it('hold all slices where there are not enough', () => {
    expect(metaBatch(5, 32, 3, 0).sort()).toEqual([0, 1, 2, 3, 4]);
  });
});

describe('watched slices', () => {
  const cached = (caseId: string, count: number) => ({ caseId, count, sha256: '', left: 0, top: 0 });
  const all = slicesOf([cached('a', 3), cached('b', 4)]);

  it('are spread evenly over all cases', () => {
    expect(all).toHaveLength(7);
    expect(spread(all, 7)).toEqual(all);
    expect(spread(all, 100)).toEqual(all);
    expect(spread(all, 0)).toEqual([]);
    const three = spread(all, 3);
    expect(three).toEqual([
      { caseId: 'a', slice: 1 },
      { caseId: 'b', slice: 0 },
      { caseId: 'b', slice: 2 },
    ]);
  });
});
