import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeSafetensors } from '../../../../src-main/formats/safetensors/safetensors.ts';
import { createRunLibrary, type RunLibrary } from '../../../../src-main/services/training/runLibrary.ts';
import { lockRun } from '../../../../src-main/services/training/runLock.ts';
import { openTinyWorkspace, trainTinyRun, type TinyWorkspace } from '../../../fixtures/tinyWorkspace.ts';

let tiny: TinyWorkspace;
let runs: RunLibrary;
beforeAll(async () => {
  tiny = await openTinyWorkspace();
  await trainTinyRun(tiny, 'meta-run');
  await trainTinyRun(tiny, 'plain-run', 'pgan', 3);
  runs = createRunLibrary(tiny.workspace);
});
afterAll(() => tiny.dispose());

const folderOf = (run: string): string => join(tiny.workspace.runsDirectory, run);
const lockFile = (run: string): string => join(folderOf(run), 'run.lock');

describe('the list of runs', () => {
  it('tells finished runs from stopped and broken ones', async () => {
    mkdirSync(folderOf('broken-run'));
    writeFileSync(join(folderOf('broken-run'), 'run.json'), '{"schemaVersion":1}');
    const list = await runs.list();
    const about = (run: string) => list.find((one) => one.run === run);
    expect(about('meta-run')).toMatchObject({
      method: 'meta',
      preset: 'quick',
      step: 8,
      totalSteps: 8,
      epochs: 2,
      status: 'finished',
      cases: { train: 2, meta: 1 },
    });
    expect(about('plain-run')).toMatchObject({ status: 'stopped', step: 3, totalSteps: 8 });
    expect(about('broken-run')).toMatchObject({ status: 'broken' });
    expect(about('meta-run')).not.toHaveProperty('config');
    rmSync(folderOf('broken-run'), { recursive: true });
  });

  it('gives the configuration and the last error of one run', async () => {
    const lines = readFileSync(join(folderOf('meta-run'), 'log.jsonl'), 'utf8')
      .trim()
      .split('\n');
    const steps = lines
      .map((line) => JSON.parse(line) as { type: string; pixelHu: number })
      .filter(({ type }) => type === 'step');
    expect(await runs.read('meta-run')).toMatchObject({
      config: { method: 'meta', cropPx: [32, 32] },
      lastPixelHu: steps.at(-1)!.pixelHu,
    });
  });

  it('refuses names that are no run, without looking outside the workspace', async () => {
    for (const run of ['nowhere', '..', '../cases', 'a/b', ''])
      await expect(runs.read(run), run).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
  });
});

describe('the lock of a run', () => {
  it('makes the run count as running, and refuses a second process in words', async () => {
    const unlock = await lockRun(folderOf('plain-run'), 'plain-run');
    expect((await runs.read('plain-run')).status).toBe('running');
    await expect(lockRun(folderOf('plain-run'), 'plain-run')).rejects.toThrow(
      `plain-run (PID ${process.pid}) is being worked on`,
    );
    await unlock();
    expect((await runs.read('plain-run')).status).toBe('stopped');
  });

  it('is taken over from a process that is gone, and when it was cut off', async () => {
    const dead = { pid: 2 ** 22 - 3, host: hostname(), since: '' };
    for (const text of [JSON.stringify(dead), '{"pid":']) {
      writeFileSync(lockFile('plain-run'), text);
      expect((await runs.read('plain-run')).status).toBe('stopped');
      const unlock = await lockRun(folderOf('plain-run'), 'plain-run');
      await unlock();
    }
  });

  it('of another machine is respected', async () => {
    writeFileSync(lockFile('plain-run'), JSON.stringify({ pid: 1, host: 'elsewhere', since: '' }));
    await expect(lockRun(folderOf('plain-run'), 'plain-run')).rejects.toMatchObject({
      code: 'LOCKED_ELSEWHERE',
    });
    rmSync(lockFile('plain-run'));
  });
});

describe('the log of a run', () => {
  it('is read by line, and goes on where it was left', async () => {
    const all = await runs.logPage('meta-run', 0);
    expect(all.lines.map(({ type }) => type)).toEqual([
      'note',
      ...Array<string>(4).fill('step'),
      'epoch',
      ...Array<string>(4).fill('step'),
      'epoch',
    ]);
    expect(all.next).toBe(11);
    expect(await runs.logPage('meta-run', 8)).toEqual({ next: 11, lines: all.lines.slice(8) });
    expect(await runs.logPage('meta-run', 11)).toEqual({ next: 11, lines: [] });
  });

  it('is paged where it is long, takes up what is appended and leaves out a half-written line', async () => {
    const folder = folderOf('long-run');
    mkdirSync(folder);
    writeFileSync(join(folder, 'run.json'), readFileSync(join(folderOf('plain-run'), 'run.json')));
    const line = (step: number): string =>
      JSON.stringify({ type: 'step', step, note: 'ä'.repeat(step % 40) });
    const log = join(folder, 'log.jsonl');
    writeFileSync(log, Array.from({ length: 12_000 }, (_, at) => `${line(at + 1)}\n`).join(''));
    const steps: number[] = [];
    for (let from = 0; ;) {
      const { next, lines } = await runs.logPage('long-run', from);
      if (lines.length === 0) break;
      expect(lines.length).toBeLessThanOrEqual(5000);
      steps.push(...lines.map(({ step }) => step));
      from = next;
    }
    expect(steps).toEqual(Array.from({ length: 12_000 }, (_, at) => at + 1));
    expect((await runs.logPage('long-run', 11_775)).lines[0]).toMatchObject({ step: 11_776 });

    appendFileSync(log, `${line(12_001)}\n${line(12_002).slice(0, 9)}`);
    expect(await runs.logPage('long-run', 12_000)).toMatchObject({ next: 12_001, lines: [{ step: 12_001 }] });
    appendFileSync(log, `${line(12_002).slice(9)}\n`);
    const pages = await Promise.all([11_999, 12_001].map((from) => runs.logPage('long-run', from)));
    expect(pages.map(({ lines }) => lines.map(({ step }) => step))).toEqual([
      [12_000, 12_001, 12_002],
      [12_002],
    ]);

    // Resuming cuts what was logged after the checkpoint: who has read on is told a smaller number.
    writeFileSync(log, `${line(1)}\n`);
    expect(await runs.logPage('long-run', 12_002)).toEqual({ next: 1, lines: [] });
    rmSync(folder, { recursive: true });
  });

  it('is empty before the first step', async () => {
    const folder = folderOf('new-run');
    mkdirSync(folder);
    writeFileSync(join(folder, 'run.json'), readFileSync(join(folderOf('plain-run'), 'run.json')));
    expect(await runs.logPage('new-run', 0)).toEqual({ next: 0, lines: [] });
    expect(await runs.film('new-run')).toMatchObject({ slices: [], epochs: [] });
    rmSync(folder, { recursive: true });
  });
});

describe('the film of a run', () => {
  const tensorsOf = (run: string, file: string) => {
    const path = join(folderOf(run), 'film', `${file}.safetensors`);
    return (name: string): Float32Array =>
      decodeSafetensors(readFileSync(path), path).tensors.get(name)!.data as Float32Array;
  };
  const hu = (value: number): number => -1024 + (value + 1) * 2012;

  it('names its slices and epochs', async () => {
    const film = await runs.film('meta-run');
    expect(film).toMatchObject({ size: [32, 32], spacingMm: [1, 1], epochs: [0, 1, 2], hasWeights: true });
    expect(film.slices).toHaveLength(3);
    expect(film.slices[0]).toMatchObject({ caseId: 'case0', label: 'label of case0' });
    expect(await runs.film('plain-run')).toMatchObject({ hasWeights: false, epochs: [0] });
  });

  it('gives MR and CT of every slice as the file has them', async () => {
    const images = await runs.filmSlices('meta-run');
    const file = tensorsOf('meta-run', 'slices');
    const pixels = 32 * 32;
    expect(images).toHaveLength(3 * 2 * pixels);
    for (const slice of [0, 1, 2]) {
      expect(images.subarray(2 * slice * pixels, (2 * slice + 1) * pixels)).toEqual(
        file('x').subarray(slice * pixels, (slice + 1) * pixels),
      );
      const ct = file('y').subarray(slice * pixels, (slice + 1) * pixels);
      const served = images.subarray((2 * slice + 1) * pixels, (2 * slice + 2) * pixels);
      expect(Math.max(...served.map((value, at) => Math.abs(value - hu(ct[at]!))))).toBeLessThan(1e-3);
    }
  });

  it('gives weights relative to the average pixel of their batch, and the prediction in HU', async () => {
    const frame = await runs.filmFrame('meta-run', 2);
    const file = tensorsOf('meta-run', 'epoch-0002');
    const pixels = 32 * 32;
    const weights = [0, 1].flatMap((slice) => [
      ...frame.subarray(2 * slice * pixels, (2 * slice + 1) * pixels),
    ]);
    // The first two slices are one batch.
    expect(weights.reduce((a, b) => a + b) / weights.length).toBeCloseTo(1, 4);
    expect(weights[5]).toBeCloseTo(file('w')[5]! * 2 * pixels, 5);
    expect(frame[pixels + 7]).toBeCloseTo(hu(file('prediction')[7]!), 2);
  });

  it('has NaN for weights where none were learned, and says when there is no such epoch', async () => {
    const frame = await runs.filmFrame('plain-run', 0);
    expect(frame.subarray(0, 32 * 32).every(Number.isNaN)).toBe(true);
    expect(frame.subarray(32 * 32, 2 * 32 * 32).every(Number.isFinite)).toBe(true);
    await expect(runs.filmFrame('plain-run', 7)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  });
});
