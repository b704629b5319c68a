import { expect, test } from 'vitest';
import type { Steps } from '../../../src-renderer/lib/meshTypes.ts';
import type { BoneAnswer, BoneRequest, BoneResults } from '../../../src-renderer/workers/boneProtocol.ts';
import { BoneQueue } from '../../../src-renderer/workers/boneQueue.ts';

type Result = BoneResults[keyof BoneResults];

const pick = { kind: 'pick', side: 'a' } as BoneRequest;
const rest = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

function queueOf(start: () => Steps<Result>): { queue: BoneQueue; answers: BoneAnswer[] } {
  const answers: BoneAnswer[] = [];
  return { queue: new BoneQueue(start, (answer) => answers.push(answer), rest), answers };
}

/** Works until it is cancelled. */
function* endless(): Steps<Result> {
  for (;;) yield 0;
}

function* atOnce(): Steps<Result> {
  yield 1;
  return null;
}

test('requests are answered in their order', async () => {
  const { queue, answers } = queueOf(atOnce);
  await Promise.all([queue.hear({ id: 1, request: pick }), queue.hear({ id: 2, request: pick })]);
  await rest();
  expect(answers.map(({ id }) => id)).toEqual([1, 2]);
});

test('a cancelled request stops between two turns and is not answered', async () => {
  let started = 0;
  const { queue, answers } = queueOf(() => (started++ === 0 ? endless() : atOnce()));
  const working = queue.hear({ id: 1, request: pick });
  await rest();
  await queue.hear({ id: 2, request: pick });
  await queue.hear({ id: 1, cancel: true });
  await working;
  expect(answers).toEqual([{ id: 2, result: null }]);
});

test('a task that fails says why and the next one runs', async () => {
  let started = 0;
  const { queue, answers } = queueOf(() => {
    if (started++ === 0) throw new RangeError('No volume was loaded as a.');
    return atOnce();
  });
  await queue.hear({ id: 1, request: pick });
  await queue.hear({ id: 2, request: pick });
  expect(answers).toEqual([
    { id: 1, error: 'No volume was loaded as a.' },
    { id: 2, result: null },
  ]);
});
