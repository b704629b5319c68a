import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { prepareRun, type TrainingStudy } from '../../../../src-main/workflows/train/prepareRun.ts';
import type { RunRecord } from '../../../../src-main/workflows/train/runFolder.ts';
import { openSliceCache } from '../../../../src-main/workflows/train/sliceCache.ts';
import { randomCase, testContext, tinyConfig, tinyStudies } from '../../../fixtures/tinyTraining.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ilium-prepare-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const prepare = (
  method: 'pgan' | 'meta',
  studies: readonly TrainingStudy[],
  context = testContext(),
): Promise<RunRecord> =>
  prepareRun(
    {
      folder: join(root, 'run'),
      runId: 'tiny',
      config: tinyConfig(method),
      studies,
      networks: [{ network: 'vgg16', sha256: 'abc', published: false }],
      cohortPath: 'cohort.json',
    },
    context,
  );
const withRole = (role: string): TrainingStudy[] => tinyStudies.filter((study) => study.role === role);

describe('a prepared run', () => {
  it('names its cases by role and counts their slices', async () => {
    const record = await prepare('meta', tinyStudies);
    expect(record.cases.train).toMatchObject([
      { caseId: 'case0', count: 4 },
      { caseId: 'case1', count: 4 },
    ]);
    expect(record.cases.meta).toMatchObject([{ caseId: 'case2', count: 4 }]);
    expect(record.networks).toEqual([{ network: 'vgg16', sha256: 'abc', published: false }]);
    expect(JSON.parse(readFileSync(join(root, 'run', 'run.json'), 'utf8'))).toEqual(record);
    expect(readdirSync(root)).toEqual(['run']);
  });

  it('has the same data fingerprint for the same data, and another for other data', async () => {
    const { dataFingerprint } = await prepare('meta', tinyStudies);
    rmSync(join(root, 'run'), { recursive: true });
    expect((await prepare('meta', tinyStudies)).dataFingerprint).toBe(dataFingerprint);
    rmSync(join(root, 'run'), { recursive: true });
    const [first, ...rest] = tinyStudies;
    const changed = { ...first!, load: () => Promise.resolve(randomCase(77, 4)) };
    expect((await prepare('meta', [changed, ...rest])).dataFingerprint).not.toBe(dataFingerprint);
  });

  it('does without the well-aligned cases where nothing is reweighted', async () => {
    expect((await prepare('pgan', tinyStudies)).cases.meta).toEqual([]);
    expect(readdirSync(join(root, 'run', 'cache')).sort()).toEqual(['case0.f32', 'case1.f32']);
  });

  it('holds slices in [−1, 1] with air outside the body, neighbours as channels', async () => {
    const { cases } = await prepare('pgan', tinyStudies);
    const cache = join(root, 'run', 'cache');
    const one = openSliceCache(cache, cases.train, 1024, 1);
    const three = openSliceCache(cache, cases.train, 1024, 3);
    const at = (slice: number) => ({ caseId: 'case0', slice });
    const single = await one.read([at(0), at(1), at(2), at(3)]);
    expect([...single.x, ...single.y].every((value) => value >= -1 && value <= 1)).toBe(true);
    expect([single.x[0], single.y[0]]).toEqual([-1, -1]);
    expect(Math.max(...single.y)).toBeGreaterThan(-0.4); // bone: (600 + 1024)/4024·2 − 1 = −0.19
    const slice = (k: number) => single.x.slice(k * 1024, (k + 1) * 1024);
    const { x, y } = await three.read([at(0), at(3)]);
    expect(x).toEqual(Float32Array.from([0, 0, 1, 2, 3, 3].flatMap((k) => [...slice(k)])));
    expect(y).toEqual(Float32Array.from([...single.y.slice(0, 1024), ...single.y.slice(3 * 1024)]));
    await one.close();
    await three.close();
  });
});

describe('a cohort that cannot be trained on', () => {
  it.each<[string, 'pgan' | 'meta', TrainingStudy[], string]>([
    ['no cases', 'meta', [], 'COHORT_EMPTY'],
    ['no cases to train on', 'meta', withRole('meta'), 'COHORT_EMPTY'],
    ['no cases to train on, without reweighting', 'pgan', withRole('meta'), 'COHORT_EMPTY'],
    ['no well-aligned cases', 'meta', withRole('train'), 'COHORT_NO_META'],
  ])('is refused and leaves nothing: %s', async (_name, method, studies, code) => {
    await expect(prepare(method, studies)).rejects.toMatchObject({ code, exitCode: 2 });
    expect(readdirSync(root)).toEqual([]);
  });

  it('leaves nothing when a case turns out to be unusable', async () => {
    const unreadable = { ...tinyStudies[1]!, load: () => Promise.reject(new Error('unreadable')) };
    await expect(prepare('meta', [tinyStudies[0]!, unreadable, tinyStudies[2]!])).rejects.toThrow(
      'unreadable',
    );
    const { mr, ct, mask } = randomCase(1, 4);
    const bodiless = { ...mask, data: new Uint8Array(mask.data.length) };
    const empty = { ...tinyStudies[1]!, load: () => Promise.resolve({ mr, ct, mask: bodiless }) };
    await expect(prepare('meta', [tinyStudies[0]!, empty, tinyStudies[2]!])).rejects.toMatchObject({
      code: 'NO_BODY_FOUND',
    });
    expect(readdirSync(root)).toEqual([]);
  });

  it('leaves nothing when it is asked to stop', async () => {
    const context = testContext((event) => event.type === 'progress' && event.done === 1);
    await expect(prepare('meta', tinyStudies, context)).rejects.toMatchObject({ name: 'AbortError' });
    expect(readdirSync(root)).toEqual([]);
  });
});
