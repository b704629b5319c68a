import { expect, it } from 'vitest';
import { createSetbacks } from '../../../../src-main/services/node/setbacks.ts';

it('what goes wrong rests, each time for twice as long up to a limit, and nothing else does', () => {
  let clock = 0;
  const setbacks = createSetbacks({ firstSeconds: 30, longestSeconds: 100 }, () => clock);
  expect(setbacks.isResting('a')).toBe(false);
  expect([setbacks.add('a'), setbacks.add('a'), setbacks.add('a')]).toEqual([30, 60, 100]);
  clock = 99_999;
  expect([setbacks.isResting('a'), setbacks.isResting('b')]).toEqual([true, false]);
  clock = 100_000;
  expect(setbacks.isResting('a')).toBe(false);
  setbacks.clear('a');
  expect(setbacks.add('a')).toBe(30);
});
