import { describe, expect, it } from 'vitest';
import { fuzzyScore } from '../../../src-renderer/lib/fuzzy.ts';

describe('fuzzyScore', () => {
  it('is null where the letters are not there in order', () => {
    expect(fuzzyScore('xq', 'Open folder')).toBeNull();
  });

  it.each([
    ['of', 'Open folder', 'Go to Synthesize, oof'],
    ['open', 'Open files', 'Reopen'],
    ['gt', 'Go to Train', 'Weight'],
  ])('%s fits “%s” better than “%s”', (typed, better, worse) => {
    expect(fuzzyScore(typed, better)!).toBeGreaterThan(fuzzyScore(typed, worse) ?? -Infinity);
  });

  it('does not mind case and accents', () => {
    expect(fuzzyScore('uber', 'Über Ilium')).toBeGreaterThan(0);
  });
});
