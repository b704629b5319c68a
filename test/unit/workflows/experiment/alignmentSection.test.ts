import { describe, expect, it } from 'vitest';
import { alignmentSection } from '../../../../src-main/workflows/experiment/alignmentSection.ts';
import type { WeightAlignment } from '../../../../src-main/workflows/phantom/weightAlignment.ts';

const alignment = (auc: number): WeightAlignment => ({
  right: { pixels: 10, positiveShare: 0.7, meanWeight: 1.7 },
  wrong: { pixels: 10, positiveShare: 0.5, meanWeight: 1.3 },
  auc,
});
const run = (name: string, auc: number) => ({
  run: name,
  epochs: [1, 2].map((epoch) => ({ epoch, alignment: alignment(auc) })),
  overall: { all: alignment(auc), near: alignment(auc - 0.1) },
});

describe('alignmentSection', () => {
  const html = alignmentSection([
    { label: 'meta', column: 3, runs: [run('a', 0.6), run('b', 0.7)] },
    { label: 'pgan', column: 0, runs: [] },
  ]);

  it('has the mean over runs with its deviation', () => {
    expect(html).toContain('0.650 ± 0.071');
    expect(html).not.toContain('pgan');
  });

  it('says why right and wrong pixels may both weigh more than the average', () => {
    expect(html).toContain('air outside the body included');
    expect(html).toContain('right and wrong ones may both lie above 1');
  });

  it('is empty without weights', () => {
    expect(alignmentSection([{ label: 'pgan', column: 0, runs: [] }])).toBe('');
  });
});
