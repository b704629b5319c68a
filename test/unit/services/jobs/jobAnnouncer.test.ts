import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { JobSnapshot } from '../../../../src-main/api/contract/jobs.ts';
import { createJobAnnouncer, type JobAnnouncer } from '../../../../src-main/services/jobs/jobAnnouncer.ts';

let told: string[];
let announcer: JobAnnouncer;
beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  announcer = createJobAnnouncer(({ jobId, message }) => told.push(`${jobId} ${message}`));
});
afterEach(() => vi.useRealTimers());

const job = (jobId: string, message: string): JobSnapshot => ({ jobId, message }) as JobSnapshot;

describe('announcing jobs', () => {
  it('happens at most ten times a second for each, with the newest state', () => {
    for (let at = 0; at < 1000; at++) {
      announcer.soon(job('a', String(at)));
      if (at % 2) announcer.soon(job('b', String(at)));
      vi.advanceTimersByTime(1);
    }
    expect(told.length).toBeGreaterThanOrEqual(16);
    expect(told.length).toBeLessThanOrEqual(20);
    vi.advanceTimersByTime(100);
    expect(told.slice(-2).sort()).toEqual(['a 999', 'b 999']);
  });

  it('of what matters happens at once, and nothing older follows', () => {
    announcer.soon(job('a', 'half'));
    announcer.now(job('a', 'done'));
    vi.advanceTimersByTime(1000);
    expect(told).toEqual(['a done']);
  });

  it('ends with the program', () => {
    announcer.soon(job('a', 'half'));
    announcer.dispose();
    expect(vi.getTimerCount()).toBe(0);
  });
});
