import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTrainer } from '../../../../src-main/learn/trainer.ts';
import { createRandom } from '../../../../src-main/shared/random.ts';
import type { Executor } from '../../../../src-main/tensor/executor.ts';
import { createOnnxExecutor } from '../../../../src-main/tensor/executors/onnx/onnxExecutor.ts';
import { openImageModel } from '../../../../src-main/tensor/executors/onnx/onnxModel.ts';
import { exportModel } from '../../../../src-main/workflows/model/exportModel.ts';
import { modelCardSchema } from '../../../../src-main/workflows/model/modelCard.ts';
import { readModel } from '../../../../src-main/workflows/model/readModel.ts';
import { readCheckpoint } from '../../../../src-main/workflows/train/checkpoint.ts';
import { prepareRun } from '../../../../src-main/workflows/train/prepareRun.ts';
import { runTraining } from '../../../../src-main/workflows/train/runTraining.ts';
import { trainerConfig } from '../../../../src-main/workflows/train/trainerConfig.ts';
import { largestDifference } from '../../../fixtures/largestDifference.ts';
import { randomImages, testContext, tinyConfig, tinyStudies } from '../../../fixtures/tinyTraining.ts';

let root = '';
let executor: Executor;
const folderOf = (channels: number): string => join(root, `run${channels}`);
const configOf = (channels: number) =>
  tinyConfig('meta', { generator: { inputChannels: channels, ngf: 4, blocks: 2 }, filmSlices: 0 });

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'ilium-model-'));
  executor = createOnnxExecutor('cpu', { threads: 1 });
  for (const channels of [1, 3]) {
    const folder = folderOf(channels);
    const config = configOf(channels);
    await prepareRun(
      { folder, runId: `tiny${channels}`, config, studies: tinyStudies, networks: [], cohortPath: '' },
      testContext(),
    );
    await runTraining(folder, executor, testContext());
  }
});
afterAll(async () => {
  await executor.dispose();
  rmSync(root, { recursive: true, force: true });
});

describe('a released model', () => {
  it.each([1, 3])(
    'predicts what the trainer predicts, at any extents and batch: %i slices',
    async (channels) => {
      const out = join(root, `model${channels}`);
      await exportModel(folderOf(channels), out, '1.2.3');
      const { bytes } = await readModel(out);
      const model = await openImageModel(bytes, 'cpu');
      const { state, step } = await readCheckpoint(join(folderOf(channels), 'checkpoint.safetensors'));
      for (const [n, h, w] of [[1, 32, 32], [1, 64, 40], [3, 36, 132]] as const) {
      const x = randomImages(createRandom(h), n * channels * h * w);
      const trainer = createTrainer({ ...trainerConfig(configOf(channels)), extents: [h, w] }, executor, { state, step });
      const expected = await trainer.predict(x);
      trainer.dispose();
      const actual = await model.run(x, [n, channels, h, w]);
      expect(actual).toHaveLength(n * h * w);
      expect(largestDifference(actual, expected)).toBeLessThanOrEqual(1e-5);
      expect(Math.max(...expected) - Math.min(...expected)).toBeGreaterThan(0.1); // there is something to compare
    } // prettier-ignore
      await model.dispose();
    },
  );

  it('has a card that says what it is and what it was trained on', async () => {
    const out = join(root, 'carded');
    const card = await exportModel(folderOf(1), out, '1.2.3');
    expect(readdirSync(out).sort()).toEqual(['card.json', 'model.onnx']);
    const stored = modelCardSchema.parse(JSON.parse(readFileSync(join(out, 'card.json'), 'utf8')));
    expect(stored).toEqual(card);
    expect((await readModel(out)).card).toEqual(card);
    expect((await readModel(join(out, 'model.onnx'))).card).toEqual(card);
    const run = JSON.parse(readFileSync(join(folderOf(1), 'run.json'), 'utf8'));
    expect(card).toMatchObject({
      name: 'tiny1',
      version: '1.2.3',
      input: { channels: 1, spacingMm: [1, 1], multipleOf: 4, trainingCropPx: [32, 32] },
      output: { lowHu: -1024, highHu: 3000 },
      training: {
        method: 'meta',
        cases: 2,
        metaCases: 1,
        slices: 8,
        steps: 8,
        dataFingerprint: run.dataFingerprint,
      },
    });
    expect(card.intendedUse).toMatch(/Not a medical device/);
  });

  it('is the same file each time it is exported', async () => {
    const hashes = [];
    for (const name of ['first', 'second'])
      hashes.push((await exportModel(folderOf(1), join(root, name), '1')).weightHash);
    expect(hashes[1]).toBe(hashes[0]);
  });

  it('is refused where its weights are not those of its card', async () => {
    const out = join(root, 'changed');
    await exportModel(folderOf(1), out, '1');
    const path = join(out, 'model.onnx');
    const bytes = readFileSync(path);
    bytes[bytes.length - 100]! ^= 1;
    writeFileSync(path, bytes);
    await expect(readModel(out)).rejects.toMatchObject({ code: 'MODEL_INVALID', exitCode: 2 });
    rmSync(path);
    await expect(readModel(out)).rejects.toMatchObject({ code: 'MODEL_INVALID' });
    await expect(readModel(join(root, 'nowhere'))).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
  });

  it('replaces nothing, and comes only from a run with a whole checkpoint', async () => {
    const out = join(root, 'occupied');
    const { weightHash } = await exportModel(folderOf(1), out, '1');
    await expect(exportModel(folderOf(3), out, '1')).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
    expect((await readModel(out)).card.weightHash).toBe(weightHash);
    await expect(exportModel(join(root, 'nowhere'), join(root, 'new'), '1')).rejects.toMatchObject({
      code: 'RUN_NOT_FOUND',
    });
    const path = join(folderOf(3), 'checkpoint.safetensors');
    writeFileSync(path, readFileSync(path).subarray(0, 5000));
    await expect(exportModel(folderOf(3), join(root, 'new'), '1')).rejects.toMatchObject({
      code: 'CHECKPOINT_CORRUPT',
    });
    expect(readdirSync(root)).not.toContain('new');
  });
});
