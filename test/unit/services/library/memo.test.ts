import { describe, expect, it } from 'vitest';
import { createMemo } from '../../../../src-main/services/library/memo.ts';

describe('a memo', () => {
  it('computes once for all who ask, also at the same time', async () => {
    const memo = createMemo<number>(3);
    let count = 0;
    const compute = (): Promise<number> => Promise.resolve(++count);
    expect(await Promise.all([memo('a', compute), memo('a', compute)])).toEqual([1, 1]);
    expect([await memo('b', compute), await memo('a', compute)]).toEqual([2, 1]);
  });

  it('forgets the longest unused, and what failed', async () => {
    const memo = createMemo<string>(2);
    const give = (text: string) => () => Promise.resolve(text);
    await memo('a', give('a1'));
    await memo('b', give('b1'));
    await memo('a', give('a2'));
    await memo('c', give('c1'));
    expect([await memo('a', give('a3')), await memo('b', give('b2'))]).toEqual(['a1', 'b2']);
    await expect(memo('d', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await memo('d', give('d2'))).toBe('d2');
  });
});
