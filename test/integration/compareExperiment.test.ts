/** `ilium experiment` and `ilium compare` as a person runs them: a tiny phantom cohort, stopped, killed, gone on, compared. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../../src-main/services/compare/findChromium.ts';
import { runIlium, runIliumJson } from '../fixtures/runIlium.ts';

const launcher = resolve(import.meta.dirname, '../../src-main/ilium.mjs');

const experiment = {
  title: 'Tiny trial',
  cohort: {
    phantom: {
      ...{ cases: 6, testCases: 3, misalignMm: 6, alignedShare: 0.34, meta: 'aligned' },
      ...{ sizePx: [64, 48], spacingMm: 6, slices: 8, sliceSpacingMm: 15 },
    },
  },
  preset: 'quick',
  base: {
    generator: { ngf: 4, blocks: 1 },
    discriminator: { ndf: 4 },
    ...{ spacingMm: [6, 6], cropPx: [64, 48], batchSize: 2, metaBatchSize: 4, metaMicroBatch: 4 },
    ...{ constantEpochs: 6, decayEpochs: 6, warmupEpochs: 1, warmupBatchSize: 2, slicesPerEpoch: 8 },
    ...{ watchedSlices: 16, filmSlices: 6 },
  },
  methods: [
    { label: 'pGAN', method: 'pgan' },
    { label: 'meta', method: 'meta' },
  ],
  seeds: [1],
};

let root = '';
const out = (...names: string[]): string => join(root, 'experiment', ...names);
const args = (): string[] => ['experiment', join(root, 'trial.json'), '--out', out(), '--device', 'cpu'];
const runsIn = (): string[] =>
  existsSync(out('workspace', 'runs')) ? readdirSync(out('workspace', 'runs')).sort() : [];
const runPath = (run: string, ...names: string[]): string => out('workspace', 'runs', run, ...names);
const steps = (run: string | undefined): number => {
  const log = run === undefined ? '' : runPath(run, 'log.jsonl');
  return existsSync(log)
    ? readFileSync(log, 'utf8')
        .split('\n')
        .filter((line) => line.startsWith('{"type":"step"')).length
    : 0;
};

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'ilium-compare-'));
  writeFileSync(join(root, 'trial.json'), JSON.stringify(experiment));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Starts the experiment, sends `signal` to all its processes as soon as `isTime`, and returns exit code and standard error. */
async function interrupted(
  isTime: () => boolean,
  signal: NodeJS.Signals,
): Promise<{ code: number | null; err: string }> {
  const child = spawn(process.execPath, [launcher, ...args()], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const closed = once(child, 'close') as Promise<[number | null]>;
  await expect.poll(isTime, { timeout: 240_000, interval: 20 }).toBe(true);
  process.kill(-child.pid!, signal);
  const [code] = await closed;
  return { code, err };
}

interface Plan {
  readonly isCohortMade: boolean;
  readonly runs: readonly {
    readonly run: string;
    readonly label: string;
    readonly status: string;
    readonly seconds: number | null;
  }[];
}
interface Outcome {
  readonly runs: readonly string[];
  readonly failures: readonly object[];
  readonly report: { readonly html: string; readonly json: string };
  readonly results: string;
}
interface Compared {
  readonly cases: readonly string[];
  readonly counts: Record<string, number>;
  readonly failures: readonly {
    readonly run: string | null;
    readonly caseId: string | null;
    readonly message: string;
  }[];
  readonly warnings: readonly { readonly code: string; readonly text: string }[];
  readonly html: string;
  readonly json: string;
  readonly csv: string;
  readonly pdf: string | null;
}

describe.skipIf(process.platform === 'win32')('an experiment', () => {
  let outcome: Outcome;

  it('plans without touching anything', () => {
    const plan = runIliumJson<Plan>([...args(), '--dry-run']);
    expect(plan).toMatchObject({ isCohortMade: false });
    expect(plan.runs.map(({ label, status, seconds }) => [label, status, seconds])).toEqual([
      ['pGAN', 'new', null],
      ['meta', 'new', null],
    ]);
    expect(existsSync(out())).toBe(false);
  });

  it('stops at Ctrl-C with a checkpoint and says how to go on', async () => {
    const { code, err } = await interrupted(() => steps(runsIn()[0]) >= 5, 'SIGINT');
    expect(code).toBe(130);
    expect(err).toContain('the same command goes on from here');
    expect(runsIn()).toEqual([expect.stringMatching(/^pgan-s1-[0-9a-f]{8}$/)]);
    expect(existsSync(runPath(runsIn()[0]!, 'checkpoint.safetensors'))).toBe(true);
  });

  it('goes on where it was killed and ends in the report', async () => {
    const [first] = runsIn();
    const before = statSync(runPath(first!, 'run.json')).mtimeMs;
    await interrupted(
      () => runsIn().length === 2 && steps(runsIn().find((run) => run !== first)) >= 3,
      'SIGKILL',
    );
    // The first run was finished, and reported, before the second began.
    expect(readFileSync(out('results.jsonl'), 'utf8').trim().split('\n')).toHaveLength(1);
    expect(readFileSync(out('report', 'comparison.html'), 'utf8')).toContain('1 of 2 runs are finished');

    outcome = runIliumJson<Outcome>(args());
    expect(outcome).toMatchObject({ runs: expect.arrayContaining(runsIn()), failures: [] });
    expect(statSync(runPath(first!, 'run.json')).mtimeMs).toBe(before);
    for (const run of runsIn()) expect(steps(run)).toBe(48);
  });

  it('reports each method on the test cases, and what the weights know of the phantoms', () => {
    const report = JSON.parse(readFileSync(outcome.report.json, 'utf8')) as {
      cases: string[];
      methods: { label: string; runs: string[] }[];
      metrics: {
        metricId: string;
        methods: { n: number }[];
        differences: { test: { n: number } | null }[];
      }[];
      warnings: object[];
      experiment: object;
      alignment: Record<
        string,
        { epochs: { epoch: number; alignment: { auc: number } }[]; overall: object } | null
      >;
      costs: { runs: { secondsPerStep: number; peakMemoryMiB: number; features: string }[] }[];
    };
    expect(report.methods.map(({ label }) => label)).toEqual(['pGAN', 'meta']);
    expect(report.cases).toHaveLength(3);
    const mae = report.metrics.find(({ metricId }) => metricId === 'mae')!;
    expect(mae.methods.map(({ n }) => n)).toEqual([3, 3]);
    expect(mae.differences[0]?.test?.n).toBe(3);
    const [pgan, meta] = report.methods.map(({ runs }) => report.alignment[runs[0]!]);
    expect(pgan).toBeNull();
    // One of the twelve is warm-up.
    expect(meta?.epochs.map(({ epoch }) => epoch)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(report.warnings).toEqual([]);
    expect(report.experiment).toMatchObject({ seeds: [1], cohort: experiment.cohort });
    for (const { alignment } of meta!.epochs) expect(alignment.auc).toBeGreaterThan(0);
    expect(meta?.overall).toMatchObject({ all: { auc: expect.any(Number) } });
    for (const { runs } of report.costs)
      expect(runs[0]).toMatchObject({ secondsPerStep: expect.any(Number), features: 'none' });
    const html = readFileSync(outcome.report.html, 'utf8');
    for (const text of [
      'Did the weights find',
      'Weight maps over epochs',
      'Bone of case-',
      '3 test cases: too few',
    ])
      expect(html).toContain(text);
    expect(html).not.toMatch(/https?:|<script/);
    // The page alone makes it again, and names no path of the machine.
    expect(html).toContain('ilium experiment experiment.json --workspace WORKSPACE --device cpu');
    expect(html).toContain('&#34;title&#34;: &#34;Tiny trial&#34;');
    expect(html).not.toContain(root);
  });

  it('does nothing twice', () => {
    const before = runsIn().map((run) => statSync(runPath(run, 'checkpoint.safetensors')).mtimeMs);
    const again = runIliumJson<Outcome>(args());
    expect([...again.runs].sort()).toEqual(runsIn());
    expect(runsIn().map((run) => statSync(runPath(run, 'checkpoint.safetensors')).mtimeMs)).toEqual(before);
    expect(runIliumJson<Plan>([...args(), '--dry-run']).runs.map(({ status }) => status)).toEqual([
      'finished',
      'finished',
    ]);
  });

  it('refuses to go on with another cohort in the same folder', () => {
    const phantom = { ...experiment.cohort.phantom, misalignMm: 3 };
    writeFileSync(join(root, 'other.json'), JSON.stringify({ ...experiment, cohort: { phantom } }));
    const { code, err } = runIlium(['experiment', join(root, 'other.json'), '--out', out()]);
    expect(code).toBe(2);
    expect(err).toMatch(/made from other options/);
  });

  it('names what is wrong in its file', () => {
    writeFileSync(join(root, 'typo.json'), JSON.stringify({ ...experiment, seed: 3 }));
    const { code, err } = runIlium(['experiment', join(root, 'typo.json')]);
    expect(code).toBe(2);
    expect(err).toMatch(/^ilium: .*typo\.json.*seed/);
  });

  describe('and a comparison of its runs', () => {
    const compare = (...more: string[]): Compared =>
      runIliumJson<Compared>([
        ...['compare', ...runsIn(), '--workspace', out('workspace'), '--device', 'cpu'],
        ...['--out', join(root, 'compared'), ...more],
      ]);

    it('uses what is there and prints where there is a Chromium', async ({ skip }) => {
      const hasChromium = (await findChromium()) !== undefined;
      const { counts, csv, pdf, failures } = compare('--pdf');
      expect(counts).toEqual({ sctsMade: 0, sctsReused: 6, evaluated: 0, evaluationsReused: 6 });
      expect(failures).toEqual([]);
      const rows = readFileSync(csv, 'utf8').trim().split('\r\n');
      expect(rows.filter((row) => row.includes(',dice-250,'))).toHaveLength(6);
      if (!hasChromium) skip('there is no Chromium here');
      expect(readFileSync(pdf!).subarray(0, 5).toString()).toBe('%PDF-');
    });

    it('makes again what a changed image asks for', () => {
      const { cases } = compare();
      const [mr, ct] = ['mr.nii', 'ct.nii'].map((name) => out('workspace', 'cases', cases[0]!, name));
      const scale = (path: string): void => {
        const bytes = readFileSync(path);
        bytes[bytes.length - 2]! ^= 1;
        writeFileSync(path, bytes);
      };
      scale(ct!);
      expect(compare().counts).toEqual({ sctsMade: 0, sctsReused: 6, evaluated: 2, evaluationsReused: 4 });
      scale(mr!);
      expect(compare().counts).toMatchObject({ sctsMade: 2, sctsReused: 4, evaluated: 2 });
      rmSync(runPath(runsIn()[0]!, 'compare', cases[1]!, 'sct.nii'));
      expect(compare().counts).toMatchObject({ sctsMade: 1, sctsReused: 5, evaluated: 0 });
    });

    it('names a case that fails and keeps the rest', () => {
      const { cases } = compare();
      writeFileSync(out('workspace', 'cases', cases[2]!, 'mr.nii'), 'no image');
      const { counts, failures, html } = compare('--case', ...cases, '--slices', '3,5');
      expect(counts).toMatchObject({ evaluationsReused: 4 });
      expect(failures).toHaveLength(2);
      expect(failures.map(({ caseId }) => caseId)).toEqual([cases[2], cases[2]]);
      const page = readFileSync(html, 'utf8');
      expect(page).toContain('What could not be computed');
      expect(page.match(/<h3>Slice [35],/g)).toHaveLength(4);
      expect(page).toContain(`--workspace WORKSPACE --case ${cases.join(' ')} --slices 3,5 --device cpu`);
      expect(page).not.toContain(root);
    });

    it('is refused with the first reason where nothing can be computed', () => {
      const { cases } = JSON.parse(
        readFileSync(join(root, 'compared', 'comparison.json'), 'utf8'),
      ) as Compared;
      const last = readdirSync(out('workspace', 'cases')).find(
        (caseId) => readFileSync(out('workspace', 'cases', caseId, 'mr.nii'), 'latin1') === 'no image',
      );
      expect(cases).not.toContain(last);
      const { code, err } = runIlium([
        ...['compare', ...runsIn(), '--workspace', out('workspace'), '--device', 'cpu'],
        ...['--out', join(root, 'empty'), '--case', last!],
      ]);
      expect(code).toBe(2);
      expect(err).toMatch(new RegExp(`Nothing could be compared. ${runsIn()[0]}, ${last}: .`));
      expect(existsSync(join(root, 'empty'))).toBe(false);
    });

    it('says aloud, on the page and in the record that runs have seen a case', () => {
      const { cases } = JSON.parse(readFileSync(runPath(runsIn()[0]!, 'run.json'), 'utf8')) as {
        cases: { train: { caseId: string }[] };
      };
      const seen = cases.train[0]!.caseId;
      const { code, err } = runIlium([
        ...['compare', ...runsIn(), '--workspace', out('workspace'), '--device', 'cpu'],
        ...['--out', join(root, 'seen'), '--case', seen],
      ]);
      expect(code).toBe(0);
      const sentences = runsIn().map((run) => `${run} has seen a case it is tested on`);
      const page = readFileSync(join(root, 'seen', 'comparison.html'), 'utf8');
      const { warnings } = JSON.parse(
        readFileSync(join(root, 'seen', 'comparison.json'), 'utf8'),
      ) as Compared;
      for (const sentence of sentences) {
        expect(err).toContain(sentence);
        expect(page).toContain(sentence);
        expect(warnings.map(({ text }) => text)).toContainEqual(expect.stringContaining(sentence));
      }
    });

    it('refuses what it does not know, in one line', () => {
      const inWorkspace = ['--workspace', out('workspace')];
      const refused: [string[], RegExp][] = [
        [['compare', 'nowhere', ...inWorkspace], /no training run nowhere/],
        [['compare', runsIn()[0]!, '--case', 'nobody', ...inWorkspace], /nobody/],
        [['compare', runsIn()[0]!, '--slices', 'two', ...inWorkspace], /whole numbers/],
        [['compare', ...inWorkspace], /missing required argument/i],
      ];
      for (const [line, message] of refused) {
        const { code, err } = runIlium(line);
        expect(code, line.join(' ')).toBe(2);
        expect(err).toMatch(message);
      }
    });
  });
});
