import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { methodConfig, readExperiment } from '../../../../src-main/workflows/experiment/experimentFile.ts';
import {
  experimentPlan,
  slug,
  type PlanCase,
} from '../../../../src-main/workflows/experiment/experimentPlan.ts';

const folder = mkdtempSync(join(tmpdir(), 'ilium-experiment-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const valid = {
  title: 'A trial',
  cohort: 'workspace',
  preset: 'quick',
  base: { constantEpochs: 3, generator: { ngf: 8 } },
  methods: [
    { label: 'pGAN', method: 'pgan' },
    { label: 'meta, smooth', method: 'meta', config: { weightSmoothing: 9, generator: { blocks: 2 } } },
  ],
  seeds: [1, 2],
};

async function read(value: object) {
  const path = join(folder, 'file.json');
  writeFileSync(path, JSON.stringify(value));
  return readExperiment(path);
}

describe('readExperiment', () => {
  it('merges preset, base and the method’s own settings, groups one by one', async () => {
    const config = methodConfig(await read(valid), 1, 7);
    expect(config).toMatchObject({
      method: 'meta',
      seed: 7,
      constantEpochs: 3,
      weightSmoothing: 9,
      generator: { ngf: 8, blocks: 2 },
    });
  });

  it.each([
    ['a key that does not exist', { ...valid, cohrt: 1 }, /cohrt/],
    ['a setting of base', { ...valid, base: { constantEpoch: 3 } }, /methods\[0\] \(pGAN\): constantEpoch:/],
    [
      'a setting of one method',
      { ...valid, methods: [{ label: 'x', method: 'meta', config: { weightSmothing: 3 } }] },
      /methods\[0\] \(x\): weightSmothing:/,
    ],
    ['a method', { ...valid, methods: [{ label: 'x', method: 'megan' }] }, /methods\[0\] \(x\): method/],
    ['a preset', { ...valid, preset: 'quik' }, /no preset quik/],
    [
      'a label that is there twice',
      { ...valid, methods: [valid.methods[0], valid.methods[0]] },
      /methods\[1\]\.label/,
    ],
    [
      'a seed of its own in base',
      { ...valid, base: { seed: 2 } },
      /methods\[0\] \(pGAN\): seed: 1 is chosen, but the settings say 2/,
    ],
    [
      'a seed of its own of one method',
      { ...valid, methods: [{ label: 'x', method: 'meta', config: { seed: 1 } }] },
      /methods\[0\] \(x\): seed: 2 is chosen, but the settings say 1/,
    ],
    [
      'another method among the settings',
      { ...valid, methods: [{ label: 'x', method: 'meta', config: { method: 'pgan' } }] },
      /methods\[0\] \(x\): method: "meta" is chosen, but the settings say "pgan"/,
    ],
    ['a seed that is there twice', { ...valid, seeds: [1, 1] }, /seeds/],
    [
      'an option of the phantoms',
      { ...valid, cohort: { phantom: { cases: 9, testCases: 2, misalignMM: 3 } } },
      /cohort\.phantom\.misalignMM: Unrecognized key/,
    ],
    [
      'folds over phantoms',
      { ...valid, cohort: { phantom: { cases: 9, testCases: 2, misalignMm: 3 } }, folds: 3 },
      /folds/,
    ],
  ])('names %s', async (_, value, message) => {
    await expect(read(value)).rejects.toMatchObject({ code: 'EXPERIMENT_INVALID', exitCode: 2 });
    await expect(read(value)).rejects.toThrow(message);
  });

  it('takes settings of a run as it kept them', async () => {
    const config = methodConfig(await read(valid), 1, 1);
    const again = await read({
      ...valid,
      base: {},
      methods: [{ label: 'x', method: 'meta', config }],
      seeds: [1],
    });
    expect(methodConfig(again, 0, 1)).toEqual(config);
  });

  const kept = resolve(import.meta.dirname, '../../../../resources/experiments');
  it.each(readdirSync(kept))('takes %s as it is', async (name) => {
    await expect(readExperiment(join(kept, name))).resolves.toMatchObject({ seeds: expect.any(Array) });
  });
});

const cases = Array.from({ length: 9 }, (_, at): PlanCase => ({
  caseId: `c${at}`,
  role: at < 5 ? 'train' : at < 7 ? 'meta' : 'test',
  hash: `h${at}`,
}));

describe('experimentPlan', () => {
  it('makes every method with one seed before the next seed', async () => {
    const plan = experimentPlan(await read(valid), cases);
    expect(plan.map(({ label, seed }) => [label, seed])).toEqual([
      ['pGAN', 1],
      ['meta, smooth', 1],
      ['pGAN', 2],
      ['meta, smooth', 2],
    ]);
    expect(plan[1]?.runId).toMatch(/^meta-smooth-s1-[0-9a-f]{8}$/);
    expect(new Set(plan.map(({ runId }) => runId)).size).toBe(4);
    expect(plan[0]).toMatchObject({ test: ['c7', 'c8'], meta: ['c5', 'c6'] });
  });

  it('knows a run by its configuration and the data it sees, and by nothing else', async () => {
    const experiment = await read(valid);
    const [pgan, meta] = experimentPlan(experiment, cases);
    const renamed = experimentPlan({ ...experiment, title: 'Another' }, cases);
    expect(renamed[0]?.runId).toBe(pgan?.runId);
    const changed = (index: number) =>
      experimentPlan(
        experiment,
        cases.map((one, at) => (at === index ? { ...one, hash: 'other' } : one)),
      );
    expect(changed(0)[0]?.runId).not.toBe(pgan?.runId);
    expect(changed(5)[0]?.runId).toBe(pgan?.runId); // pGAN sees no meta case
    expect(changed(5)[1]?.runId).not.toBe(meta?.runId);
    expect(changed(8)[1]?.runId).toBe(meta?.runId);
    const longer = await read({ ...valid, base: { ...valid.base, constantEpochs: 4 } });
    expect(experimentPlan(longer, cases)[0]?.runId).not.toBe(pgan?.runId);
  });

  it('tests every case once over the folds and never trains on what it tests', async () => {
    const plan = experimentPlan(await read({ ...valid, folds: 3, seeds: [1] }), cases);
    const ofPgan = plan.filter(({ label }) => label === 'pGAN');
    expect(ofPgan).toHaveLength(3);
    expect(ofPgan.flatMap(({ test }) => test).sort()).toEqual(cases.map(({ caseId }) => caseId));
    for (const { train, meta, test } of plan) {
      expect([...train, ...meta, ...test].sort()).toEqual(cases.map(({ caseId }) => caseId));
      for (const id of meta) expect(['c5', 'c6']).toContain(id);
    }
  });

  it('makes folder names of labels', () => {
    expect(slug('Meta (ohne Kontext) – α')).toBe('meta-ohne-kontext');
    expect(slug('…')).toBe('unnamed');
  });
});
