import { describe, expect, it } from 'vitest';
import { describeRecord } from '../../../src-main/cli/describeRecord.ts';
import { textTable } from '../../../src-main/cli/textTable.ts';

describe('describeRecord', () => {
  it('shows flat values by name and leaves nested ones out', () => {
    const text = describeRecord({ run: 'run-1', bestEpoch: 7, stopped: false, losses: [1, 2], card: {} });
    expect(text).toBe('Run         run-1\nBest epoch  7\nStopped     false');
  });
});

describe('textTable', () => {
  it('pads columns, aligns numbers right and leaves no trailing space', () => {
    const rows = [
      ['case', 'MI'],
      ['a', '0.5'],
      ['longer', ''],
    ];
    expect(textTable(rows, [1])).toBe('case     MI\na       0.5\nlonger');
  });
});
