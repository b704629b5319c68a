import { afterAll, beforeAll, expect, it } from 'vitest';
import { commands } from '../../../src-main/cli/commands.ts';
import { runProgram } from '../../../src-main/cli/program.ts';
import { openPairWorkspace, type PairWorkspace } from '../../fixtures/pairWorkspace.ts';

let pair: PairWorkspace;
beforeAll(async () => {
  pair = await openPairWorkspace([1, 0, 0, 8, 0, 1, 0, -6, 0, 0, 1, 10]);
});
afterAll(() => {
  pair.dispose();
});

it.each([
  ['register nobody', /nobody/],
  ['register mr-only', /mr-only has no CT/],
  ['register pair --fixed mr --moving mr', /The MR cannot be both fixed and moving/],
  ['register pair --fixed pet', /mr, ct/],
  ['register nobody --as-imported', /nobody/],
])('ilium %s says what is wrong', async (line, text) => {
  let err = '';
  const code = await runProgram(commands, [...line.split(' '), '--workspace', pair.directory], {
    out: () => undefined,
    err: { write: (words) => (err += words) },
    env: {},
    defaultWorkspace: () => pair.directory,
  });
  expect(code).toBe(2);
  expect(err).toMatch(text);
});
