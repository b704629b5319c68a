import { describe, expect, it } from 'vitest';
import { createTimeLeft } from '../../../../src-main/services/jobs/timeLeft.ts';

describe('the time left', () => {
  it('is unknown before there is a pace', () => {
    const left = createTimeLeft();
    expect(left.update({ step: 'train', done: 0, total: 10 }, 0)).toBeNull();
    expect(left.update({ step: 'train', done: 0, total: 10 }, 1000)).toBeNull();
  });

  it('is exact at an even pace, from the first reading on', () => {
    const left = createTimeLeft();
    left.update({ step: 'train', done: 0, total: 100 }, 0);
    expect(left.update({ step: 'train', done: 2, total: 100 }, 1000)).toBeCloseTo(49, 9);
    expect(left.update({ step: 'train', done: 4, total: 100 }, 2000)).toBeCloseTo(48, 9);
    expect(left.update({ step: 'train', done: 40, total: 100 }, 20_000)).toBeCloseTo(30, 9);
  });

  it('follows a pace that changes within about half a minute', () => {
    const left = createTimeLeft();
    for (let second = 0; second <= 60; second++)
      left.update({ step: 'train', done: 10 * second, total: 10_000 }, 1000 * second);
    let seconds: number | null = null;
    for (let second = 1; second <= 45; second++)
      seconds = left.update({ step: 'train', done: 600 + second, total: 10_000 }, 60_000 + 1000 * second);
    const atNewPace = 10_000 - 645;
    expect(seconds).toBeGreaterThan(0.6 * atNewPace);
    expect(seconds).toBeLessThan(atNewPace);
  });

  it('does not depend on how finely progress is reported', () => {
    const [fine, coarse] = [createTimeLeft(), createTimeLeft()];
    let last: number | null = null;
    for (let at = 0; at <= 1000; at++) last = fine.update({ step: 's', done: at, total: 2000 }, 10 * at);
    coarse.update({ step: 's', done: 0, total: 2000 }, 0);
    expect(coarse.update({ step: 's', done: 1000, total: 2000 }, 10_000)).toBeCloseTo(last ?? NaN, 6);
  });

  it('begins anew with each step, and with a step that starts over', () => {
    const left = createTimeLeft();
    left.update({ step: 'read', done: 0, total: 10 }, 0);
    left.update({ step: 'read', done: 5, total: 10 }, 1000);
    expect(left.update({ step: 'train', done: 1, total: 10 }, 2000)).toBeNull();
    expect(left.update({ step: 'train', done: 2, total: 10 }, 4000)).toBeCloseTo(16, 9);
    expect(left.update({ step: 'train', done: 0, total: 10 }, 5000)).toBeNull();
  });
});
