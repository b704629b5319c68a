/** `ilium train` as a person runs it: killed, stopped, resumed. Every way must end in the run that was never interrupted. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkspace } from '../../src-main/services/workspace/openWorkspace.ts';
import { createOnnxExecutor } from '../../src-main/tensor/executors/onnx/onnxExecutor.ts';
import { readCheckpoint } from '../../src-main/workflows/train/checkpoint.ts';
import { prepareRun } from '../../src-main/workflows/train/prepareRun.ts';
import { runTraining } from '../../src-main/workflows/train/runTraining.ts';
import { runIlium, runIliumJson } from '../fixtures/runIlium.ts';
import { randomCase, testContext, tinyConfig, tinySettings, tinyStudies } from '../fixtures/tinyTraining.ts';

const launcher = resolve(import.meta.dirname, '../../src-main/ilium.mjs');
/** 12 epochs of 2 steps, and a net large enough that writing a checkpoint takes some time. */
const settings = {
  ...tinySettings,
  generator: { inputChannels: 1, ngf: 16, blocks: 1 },
  discriminator: { ndf: 16 },
  slicesPerEpoch: 4,
  constantEpochs: 6,
  decayEpochs: 6,
};
const totalSteps = 24;

let root = '';
let workspace = '';
const runsIn = (): string[] => readdirSync(join(workspace, 'runs')).sort();
const runPath = (run: string, ...names: string[]): string => join(workspace, 'runs', run, ...names);
const trainArgs = (): string[] =>
  ['train', '--method', 'meta', '--preset', 'quick', '--config', join(root, 'tiny.json'), '--device', 'cpu', '--workspace', workspace]; // prettier-ignore
const resumeArgs = (run: string): string[] => [
  'train',
  '--resume',
  run,
  '--device',
  'cpu',
  '--workspace',
  workspace,
];

interface Outcome {
  readonly run: string;
  readonly status: string;
  readonly step: number;
}
let reference: Outcome;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'ilium-training-'));
  workspace = join(root, 'workspace');
  writeFileSync(join(root, 'tiny.json'), JSON.stringify(settings));
  const opened = await openWorkspace(workspace);
  const roles = ['train', 'train', 'meta'] as const;
  for (const [at] of roles.entries()) {
    const caseId = `case${at}`;
    const { mr, ct, mask } = randomCase(at + 1, 4);
    for (const [name, volume] of Object.entries({ mr, ct, mask }))
      await opened.writeVolume(caseId, name as 'mr', volume);
    const image = (name: string) => ({ file: `${name}.nii`, kind: 'nifti' as const, name });
    await opened.writeCase({
      schemaVersion: 1,
      caseId,
      label: caseId,
      importedAt: new Date(0).toISOString(),
      mr: image('mr'),
      ct: image('ct'),
      mask: { file: 'mask.nii' },
    });
  }
  await opened.writeCohort({
    schemaVersion: 1,
    cases: roles.map((role, at) => ({ caseId: `case${at}`, role })),
  });
  reference = runIliumJson<Outcome>(trainArgs());
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Lines of the log without times and memory; every line must be JSON. */
function logOf(run: string): object[] {
  const text = readFileSync(runPath(run, 'log.jsonl'), 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  return text.trimEnd().split('\n').map((line) => {
    const { seconds: _seconds, etaSeconds: _eta, memoryMiB: _memory, time: _time, ...rest } = JSON.parse(line);
    return rest as object;
  }); // prettier-ignore
}

function expectEqualsReference(run: string): void {
  const names = (of: string): string[] =>
    readdirSync(runPath(of), { recursive: true, encoding: 'utf8' }).sort();
  expect(names(run)).toEqual(names(reference.run));
  for (const name of names(run).filter((one) => /\.(safetensors|f32)$/.test(one)))
    expect(readFileSync(runPath(run, name)).equals(readFileSync(runPath(reference.run, name))), name).toBe(
      true,
    );
  expect(logOf(run)).toEqual(logOf(reference.run));
}

interface Running {
  readonly child: ChildProcess;
  /** What it has written to standard error so far. */
  readonly err: () => string;
}

/** Starts `ilium` as the head of a process group of its own, which its worker belongs to. */
function start(args: readonly string[]): Running {
  const child = spawn(process.execPath, [launcher, ...args], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  return { child, err: () => err };
}

/** Waits for `holds`, asking as often as the event loop turns; fails when the process ends before. */
async function when({ child, err }: Running, holds: () => boolean): Promise<void> {
  while (!holds()) {
    if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode} before: ${err()}`);
    await new Promise((turn) => setImmediate(turn));
  }
}

const stepsLogged = (run: string | undefined): number =>
  run !== undefined && existsSync(runPath(run, 'log.jsonl'))
    ? readFileSync(runPath(run, 'log.jsonl'), 'utf8').split('"type":"step"').length - 1
    : 0;
const writesCheckpoint = (run: string): boolean =>
  readdirSync(runPath(run)).some((name) => /^\.checkpoint.*\.partial$/.test(name));
const newest = (before: readonly string[]): string | undefined =>
  runsIn().find((run) => !run.startsWith('.') && !before.includes(run));

async function killGroup({ child }: Running): Promise<void> {
  process.kill(-child.pid!, 'SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

/** Whether any process of the group is left. */
function groupLives({ child }: Running): boolean {
  try {
    process.kill(-child.pid!, 0);
    return true;
  } catch {
    return false;
  }
}

describe('a training run on the command line', () => {
  it('ends with a checkpoint and every line of its log valid', () => {
    expect(reference).toMatchObject({ status: 'finished', step: totalSteps });
    expect(logOf(reference.run)).toHaveLength(totalSteps + 12 + 1); // steps, epochs and the note that features are none
    expect(runsIn()).toEqual([reference.run]);
  });

  it.skipIf(process.platform === 'win32')(
    'killed at any moment goes on to the same result, bit for bit',
    async () => {
      const before = runsIn();
      const first = start(trainArgs());
      await when(first, () => stepsLogged(newest(before)) >= 3);
      await killGroup(first);
      const run = newest(before)!;

      for (const moment of ['checkpoint', 'checkpoint', 'line', 'at once'] as const) {
        const already = stepsLogged(run);
        const going = start(resumeArgs(run));
        await when(going, () => {
          if (moment === 'checkpoint') return writesCheckpoint(run);
          return moment === 'line' ? stepsLogged(run) > already : going.err() !== '' || stepsLogged(run) > 0;
        });
        await killGroup(going);
        const { step } = await readCheckpoint(runPath(run, 'checkpoint.safetensors'));
        expect(step).toBeLessThan(totalSteps);
      }
      expect(runIliumJson<Outcome>(resumeArgs(run))).toMatchObject({ run, status: 'finished' });
      expectEqualsReference(run);
    },
  );

  it.skipIf(process.platform === 'win32')('whose terminal is gone saves itself and can go on', async () => {
    const before = runsIn();
    const going = start(trainArgs());
    await when(going, () => stepsLogged(newest(before)) >= 3);
    going.child.kill('SIGKILL'); // the parent alone: the worker notices
    await expect.poll(() => groupLives(going), { timeout: 60_000 }).toBe(false);
    const run = newest(before)!;
    const { step } = await readCheckpoint(runPath(run, 'checkpoint.safetensors'));
    expect(step).toBe(stepsLogged(run));
    expect(runIliumJson<Outcome>(resumeArgs(run))).toMatchObject({ run, status: 'finished' });
    expectEqualsReference(run);
  });

  it.skipIf(process.platform === 'win32')(
    'stops at Ctrl-C with a checkpoint and says how to go on',
    async () => {
      const before = runsIn();
      const going = start(trainArgs());
      await when(going, () => stepsLogged(newest(before)) >= 5);
      process.kill(-going.child.pid!, 'SIGINT'); // a terminal sends it to the whole group
      const [code] = (await once(going.child, 'close')) as [number | null];
      const run = newest(before)!;
      expect(code).toBe(130);
      expect(going.err()).toContain('Stopping cleanly');
      expect(going.err()).toContain(`ilium train --resume ${run}`);
      const { step } = await readCheckpoint(runPath(run, 'checkpoint.safetensors'));
      expect(step).toBe(stepsLogged(run));
      expect(step).toBeLessThan(totalSteps);
      logOf(run);
      expect(runIliumJson<Outcome>(resumeArgs(run))).toMatchObject({ run, status: 'finished' });
      expectEqualsReference(run);
    },
  );

  it('refuses what it cannot train, in one line and without a trace', () => {
    const empty = join(root, 'empty');
    const inEmpty = ['--preset', 'quick', '--device', 'cpu', '--workspace', empty];
    const cases: [string[], RegExp][] = [
      [['train', '--method', 'meta', ...inEmpty], /^ilium: The cohort has no case/],
      [['train', '--resume', 'nowhere', ...inEmpty], /^ilium: .*nowhere/],
      [['train', '--resume', '../workspace', ...inEmpty], /^ilium: .*\.\.\/workspace/],
      [
        ['train', '--method', 'ctx-pgan', ...inEmpty],
        /features: ctx-pgan differs from pgan by its feature loss alone; choose "vgg" or "random"/,
      ],
      [['train', '--method', 'pgan', '--config', join(root, 'none.json'), ...inEmpty], /none\.json/],
    ];
    for (const [args, message] of cases) {
      const { code, out, err } = runIlium(args);
      const lines = err.split('\n').filter((line) => line.startsWith('ilium: '));
      expect({ code, out, lines: lines.length }, args.join(' ')).toEqual({ code: 2, out: '', lines: 1 });
      expect(lines[0]).toMatch(message);
    }
    expect(readdirSync(join(empty, 'runs'))).toEqual([]);
  });
});

describe('a full disk', () => {
  it('ends training with DISK_FULL; the last checkpoint stays and the run can go on', async ({ skip }) => {
    const disk = join(root, 'disk');
    mkdirSync(disk);
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', disk]).status !== 0) {
      process.stderr.write('No small file system can be mounted here: the full-disk test does not run.\n');
      skip('no small file system can be mounted here');
    }
    const executor = createOnnxExecutor('cpu', { threads: 1 });
    try {
      const folder = join(disk, 'run');
      const config = tinyConfig('meta', { filmSlices: 0 });
      await prepareRun(
        { folder, runId: 'r', config, studies: tinyStudies, networks: [], cohortPath: '' },
        testContext(),
      );
      const stop = testContext(
        (event) => event.type === 'progress' && event.step === 'train' && event.done === 2,
      );
      await runTraining(folder, executor, stop);
      const path = join(folder, 'checkpoint.safetensors');
      const kept = readFileSync(path);
      fillDisk(join(disk, 'filler'), kept.length / 2);
      await expect(runTraining(folder, executor, testContext())).rejects.toMatchObject({
        code: 'DISK_FULL',
        exitCode: 1,
      });
      expect(readFileSync(path).equals(kept)).toBe(true);
      expect((await readCheckpoint(path)).step).toBe(2);
      expect(readdirSync(folder).filter((name) => name.endsWith('.partial'))).toEqual([]);
      rmSync(join(disk, 'filler'));
      expect(await runTraining(folder, executor, testContext())).toMatchObject({
        status: 'finished',
        step: 8,
      });
    } finally {
      await executor.dispose();
      spawnSync('umount', [disk]);
    }
  });
});

/** Writes a file that leaves about `leave` bytes on its disk. */
function fillDisk(path: string, leave: number): void {
  const { stdout } = spawnSync('df', ['--output=avail', '-B1', resolve(path, '..')], { encoding: 'utf8' });
  const free = Number(stdout.trim().split('\n').at(-1));
  writeFileSync(path, Buffer.alloc(Math.floor(free - leave)));
}
