import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEvaluator } from '../../../../src-main/services/evaluation/openEvaluator.ts';
import type { WeightsName } from '../../../../src-main/services/weights/weightsCatalogue.ts';
import { createRandom } from '../../../../src-main/shared/random.ts';
import { installRandomWeights } from '../../../fixtures/installRandomWeights.ts';

const size = [40, 36, 9] as const;
const random = createRandom(4);
const volume = () => ({
  grid: { size, indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 3, 0] as const },
  data: Float32Array.from({ length: 40 * 36 * 9 }, () => 300 * random.normal()),
});
const ct = { name: 'ct', volume: volume() };
const sct = { name: 'sct', volume: volume() };

describe('the evaluator', () => {
  let directory = '';
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'ilium-evaluator-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const installRandom = (name: WeightsName): Promise<void> => installRandomWeights(directory, name);

  it('names every metric whose weights are missing with the command that installs just these', async () => {
    const notInstalled = async (): Promise<unknown> => (await openEvaluator({ directory })).notInstalled;
    expect(await notInstalled()).toEqual([
      { metric: 'LPIPS v0.1 (AlexNet)', install: 'ilium weights install lpips alexnet' },
      { metric: 'LPIPS v0.1 (VGG-16)', install: 'ilium weights install lpips vgg16' },
    ]);
    await installRandom('lpips');
    expect(await notInstalled()).toEqual([
      { metric: 'LPIPS v0.1 (AlexNet)', install: 'ilium weights install alexnet' },
      { metric: 'LPIPS v0.1 (VGG-16)', install: 'ilium weights install vgg16' },
    ]);
  });

  it('measures LPIPS with the weights that are installed, and all else without any', async () => {
    const bare = await openEvaluator({ directory });
    expect((await bare.evaluate({ ct, sct })).lpips).toEqual([]);
    await installRandom('lpips');
    await installRandom('alexnet');
    const evaluator = await openEvaluator({ directory });
    expect(evaluator.backbones).toEqual(['alex']);
    const { lpips, notInstalled, overall } = await evaluator.evaluate({ ct, sct });
    expect(lpips).toMatchObject([{ backbone: 'alex', slices: 9, windowHu: [-1024, 3000], published: false }]);
    expect(bare.weights).toEqual([]);
    expect(evaluator.weights).toHaveLength(3); // of both channel files and the network
    expect(lpips[0]?.value).toBeGreaterThan(0);
    expect(notInstalled.map(({ metric }) => metric)).toEqual(['LPIPS v0.1 (VGG-16)']);
    expect(overall).toEqual((await bare.evaluate({ ct, sct })).overall);
    expect((await evaluator.evaluate({ ct, sct: ct })).lpips[0]?.value).toBe(0);
    await evaluator.dispose();
    await bare.dispose();
  });
});
