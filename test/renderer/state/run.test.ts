// @vitest-environment jsdom
import { describe, expect, test } from 'vitest';
import type { JobSnapshot } from '../../../src-main/api/contract/jobs.ts';
import type { RunDetail, RunLogLine, RunSummary } from '../../../src-main/api/contract/training.ts';
import { Run } from '../../../src-renderer/state/run.svelte.ts';
import { RunList } from '../../../src-renderer/state/runList.svelte.ts';
import { manualDelay, settle } from './manualDelay.ts';

const step = (at: number): RunLogLine => ({
  type: 'step',
  step: at,
  epoch: Math.floor(at / 10),
  learningRate: 1e-3,
  pixelHu: 100 / at,
  adversarial: 1,
  discriminator: 1,
  seconds: 0.5,
  etaSeconds: 100 - at,
  memoryMiB: 400,
});

const summary = (run: string, createdAt = '2026-11-01T00:00:00Z'): RunSummary => ({
  run,
  createdAt,
  method: 'meta',
  preset: 'quick',
  step: 0,
  totalSteps: 100,
  epochs: 10,
  status: 'running',
  cases: { train: 2, meta: 1 },
});

function world() {
  const lines: RunLogLine[] = [step(1), step(2)];
  const clock = manualDelay();
  const reads: number[] = [];
  const said: string[] = [];
  let tell = (): void => undefined;
  const run = new Run({
    detail: async (name): Promise<RunDetail> => ({ ...summary(name), config: {}, lastPixelHu: null }),
    log: async (_name, from) => {
      reads.push(from);
      const page = lines.slice(from, from + 5);
      return { next: from + page.length, lines: page };
    },
    onNews: (_name, listener) => {
      tell = listener;
      return () => (tell = () => undefined);
    },
    fail: (_error, what) => said.push(what),
    delay: clock.delay,
  });
  return { run, lines, clock, reads, said, news: () => tell() };
}

describe('the run in front', () => {
  test('its log is read page by page to the end', async () => {
    const { run, lines, reads } = world();
    lines.push(...Array.from({ length: 10 }, (_, at) => step(at + 3)));
    await run.open('r');
    expect(reads).toEqual([0, 5, 10, 12]);
    expect([run.log.length, run.latest?.step, run.epoch]).toEqual([12, 12, 1]);
    expect(run.secondsPerStep).toBe(0.5);
    expect(run.detail?.run).toBe('r');
  });

  test('a burst of news is one more reading, from where the last one ended', async () => {
    const { run, lines, reads, clock, news } = world();
    await run.open('r');
    reads.length = 0;
    lines.push(step(3));
    for (let at = 0; at < 50; at++) news();
    await settle();
    expect(reads).toEqual([]);
    await clock.pass(1000);
    expect(reads).toEqual([2, 3]);
    expect(run.log.lastStep).toBe(3);
  });

  test('another run begins with an empty log, and old answers do not mix in', async () => {
    const { run } = world();
    const first = run.open('a');
    const second = run.open('b');
    await Promise.all([first, second]);
    expect([run.name, run.detail?.run, run.log.length]).toEqual(['b', 'b', 2]);
    await run.open(null);
    expect([run.name, run.log.length, run.latest]).toEqual([null, 0, null]);
  });

  test('a log that was cut back is read from its beginning', async () => {
    const { run, lines } = world();
    lines.push(step(3), step(4));
    await run.open('r');
    lines.splice(3);
    await run.reread();
    expect(run.log.lastStep).toBe(3);
  });
});

describe('the list of runs', () => {
  const job = (
    subject: string,
    status: JobSnapshot['status'],
    kind: JobSnapshot['kind'] = 'train',
  ): JobSnapshot => ({
    jobId: `${kind}-${subject}`,
    kind,
    subject,
    status,
    startedAt: '',
    endedAt: null,
    progress: null,
    secondsLeft: null,
    memoryMiB: null,
    heardAt: '',
    message: null,
    error: null,
    result: null,
  });

  test('newest first, each with the job that works on it', async () => {
    const jobs = [job('b', 'running'), job('a', 'failed', 'resume'), job('a', 'running', 'release')];
    const list = new RunList({
      runs: async () => [summary('a'), summary('b', '2026-11-02T00:00:00Z')],
      jobs: () => jobs,
      fail: () => undefined,
    });
    await list.load();
    expect(list.runs.map(({ run }) => run)).toEqual(['b', 'a']);
    expect(list.jobOf('b')?.jobId).toBe('train-b');
    expect(list.jobOf('a')).toBeNull();
    expect(list.lastJobOf('a')?.status).toBe('failed');
    expect(list.preparing).toBeNull();
  });

  test('steps are counted by the job once it trains, not while it prepares', async () => {
    const stepOf = async (step: string, done: number): Promise<number> => {
      const list = new RunList({
        runs: async () => [{ ...summary('a'), step: 4 }],
        jobs: () => [{ ...job('a', 'running'), progress: { step, done, total: 100 } }],
        fail: () => undefined,
      });
      await list.load();
      return list.stepOf(list.runs[0]!);
    };
    expect([await stepOf('prepare', 9), await stepOf('train', 7)]).toEqual([4, 7]);
  });

  test('training whose run is not there yet is preparing', async () => {
    const list = new RunList({
      runs: async () => [],
      jobs: () => [job('new', 'running')],
      fail: () => undefined,
    });
    await list.load();
    expect(list.preparing?.subject).toBe('new');
  });
});
