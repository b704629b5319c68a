// @vitest-environment jsdom
import { flushSync } from 'svelte';
import { expect, test, vi } from 'vitest';
import { BoneDesk, type BoneSource } from '../../../src-renderer/state/bone.svelte.ts';
import type { LoadedVolume } from '../../../src-renderer/lib/volume.ts';
import type { BoneWorkerPort } from '../../../src-renderer/workers/boneClient.ts';
import type { BoneAnswer, BoneMessage, BoneRequest } from '../../../src-renderer/workers/boneProtocol.ts';
import { BoneQueue } from '../../../src-renderer/workers/boneQueue.ts';
import { BoneTasks } from '../../../src-renderer/workers/boneTasks.ts';
import { balls, type Ball } from '../lib/spherePhantom.ts';

/** The real tasks, without a thread; `asked` lists what came. */
function workers(): { start: () => BoneWorkerPort; asked: BoneRequest[]; terminated: () => number } {
  const asked: BoneRequest[] = [];
  let terminated = 0;
  const start = (): BoneWorkerPort => {
    const tasks = new BoneTasks();
    const port: BoneWorkerPort = {
      onmessage: null,
      onerror: null,
      terminate: () => terminated++,
      postMessage: (message: BoneMessage) => {
        if ('request' in message) asked.push(message.request);
        void queue.hear(message);
      },
    };
    const rest = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
    const answer = (data: BoneAnswer): void => port.onmessage?.({ data } as MessageEvent<BoneAnswer>);
    const queue = new BoneQueue((request) => tasks.run(request), answer, rest);
    return port;
  };
  return { start, asked, terminated: () => terminated };
}

function source(id: string, tone: 'ct' | 'sct', all: readonly Ball[]): BoneSource {
  const volume = balls([36, 32, 30], [1, 0, 0, -18, 0, 1, 0, -16, 0, 0, 1, -15], all);
  return {
    id,
    tone,
    detail: '',
    volume: { ...volume, type: 'float32', unit: 'HU', typicalRange: [0, 1000] } as LoadedVolume,
  };
}

const ct = source('ct', 'ct', [{ centre: [0, 0, 0], radiusMm: 10 }]);
const sct = source('sct-1', 'sct', [{ centre: [0, 0, 0], radiusMm: 9 }]);

async function shown(): Promise<{ desk: BoneDesk } & ReturnType<typeof workers>> {
  const worker = workers();
  const desk = new BoneDesk(worker.start);
  await desk.show('case-1', [ct, sct], null);
  flushSync();
  return { desk, ...worker };
}

test('opening a study makes the surfaces of both sides and compares them', async () => {
  const { desk } = await shown();
  expect(desk.sides.map(({ surface }) => surface?.detail)).toEqual(['fine', 'fine']);
  expect(desk.comparison?.agreement.dice).toBeGreaterThan(0.8);
  // The sCT's ball is 1 mm smaller: negative on the sCT, and the same sign on the CT, where that bone is missing.
  const mean = (values: Float32Array): number => values.reduce((sum, mm) => sum + mm, 0) / values.length;
  expect(mean(desk.sides[1]!.distancesMm!)).toBeCloseTo(-1, 1);
  expect(mean(desk.sides[0]!.distancesMm!)).toBeCloseTo(-1, 1);
  expect(desk.cameras.of(1)).toBe(desk.cameras.of(0));
});

test('a threshold that moves is answered by previews, never two at once, and by fine surfaces when it rests', async () => {
  const { desk, asked } = await shown();
  asked.length = 0;
  for (const hu of [300, 310, 320, 330, 340]) desk.drag(hu);
  await vi.waitFor(() => expect(desk.sides[1]!.surface!.thresholdHu).toBe(340));
  const previews = asked.filter((request) => request.kind === 'surface' && request.detail === 'preview');
  expect(previews.length).toBeLessThanOrEqual(4);
  await desk.rest();
  expect(desk.sides.every(({ surface }) => surface?.detail === 'fine' && surface.thresholdHu === 340)).toBe(
    true,
  );
});

test('a new threshold gives up the fine surface of the one before', async () => {
  const { desk } = await shown();
  const first = desk.rest();
  desk.drag(400);
  await first;
  await desk.rest();
  expect(desk.sides[0]!.surface!.thresholdHu).toBe(400);
  expect(desk.refining).toBe(false);
});

test('another case takes the worker with it; a side that stays is not made again', async () => {
  const { desk, asked, terminated } = await shown();
  const [first] = desk.sides;
  asked.length = 0;
  await desk.show('case-1', [ct], null);
  expect(desk.sides[0]).toBe(first);
  expect(asked.some(({ kind }) => kind === 'load')).toBe(false);
  await desk.show('case-2', [sct], null);
  expect(terminated()).toBe(1);
  expect(desk.sides).toHaveLength(1);
  expect(desk.comparison).toBeNull();
  desk.close();
  expect(terminated()).toBe(2);
});

test('the threshold stays within the range of the slider', async () => {
  const { desk } = await shown();
  desk.drag(9999);
  expect(desk.thresholdHu).toBe(1200);
  desk.drag(-5);
  expect(desk.thresholdHu).toBe(150);
  await desk.rest();
});

test('cameras that are not linked move alone, and together again when linked', async () => {
  const { desk } = await shown();
  desk.cameras.toggleLinked();
  desk.cameras.orbit(1, 0.5, 0);
  expect(desk.cameras.of(1)!.direction).not.toEqual(desk.cameras.of(0)!.direction);
  desk.cameras.toggleLinked();
  expect(desk.cameras.of(1)).toBe(desk.cameras.of(0));
});

test('a click on the bone finds the point in LPS mm', async () => {
  const { desk } = await shown();
  const spot = await desk.pick(0, { origin: [0, -200, 0], direction: [0, 1, 0] });
  expect(spot![1]).toBeCloseTo(-11.25, 1);
});
