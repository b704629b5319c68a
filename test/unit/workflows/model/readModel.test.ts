import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openImageModel } from '../../../../src-main/tensor/executors/onnx/onnxModel.ts';
import { readModel } from '../../../../src-main/workflows/model/readModel.ts';
import { cardOf, linearModelBytes } from '../synthesize/linearModel.ts';

const bytes = linearModelBytes([1]);
const weightHash = createHash('sha256').update(bytes).digest('hex');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ilium-model-'));
  writeFileSync(join(folder, 'model.onnx'), bytes);
  writeCard({});
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function writeCard(change: object): void {
  writeFileSync(join(folder, 'card.json'), JSON.stringify({ ...cardOf(), weightHash, ...change }));
}

describe('reading a model', () => {
  it('takes its folder or its ONNX file', async () => {
    for (const path of [folder, join(folder, 'model.onnx')]) {
      const model = await readModel(path);
      expect(model.card.weightHash).toBe(weightHash);
      expect(Buffer.compare(model.bytes, bytes)).toBe(0);
    }
  });

  it('refuses what is not there', async () => {
    const path = join(folder, 'nothing');
    await expect(readModel(path)).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND', details: { path } });
  });

  it.each(['model.onnx', 'card.json'])('refuses a folder without %s and names it', async (name) => {
    rmSync(join(folder, name));
    await expect(readModel(folder)).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringContaining(name),
    });
  });

  it('refuses weights that its card does not describe', async () => {
    writeFileSync(join(folder, 'model.onnx'), linearModelBytes([2]));
    await expect(readModel(folder)).rejects.toMatchObject({ code: 'MODEL_INVALID' });
  });

  it.each<[string, object, string]>([
    ['no weight hash', { weightHash: 'abc' }, 'weightHash'],
    ['two channels', { input: { ...cardOf().input, channels: 2 } }, 'input.channels'],
    ['no spacing', { input: { ...cardOf().input, spacingMm: [0, 1] } }, 'input.spacingMm'],
    [
      'percentiles in reverse',
      { input: { ...cardOf().input, mrPercentiles: [99, 1] } },
      'input.mrPercentiles',
    ],
    ['an empty HU window', { output: { lowHu: 5, highHu: 5 } }, 'output'],
    ['HU beyond 16 bits', { output: { lowHu: -1024, highHu: 50_000 } }, 'output.highHu'],
    ['a newer schema', { schemaVersion: 2 }, 'schemaVersion'],
  ])('refuses a card with %s and says where', async (_name, change, place) => {
    writeCard(change);
    await expect(readModel(folder)).rejects.toMatchObject({
      code: 'RECORD_INVALID',
      message: expect.stringContaining(place),
    });
  });

  it('refuses a card that is cut off', async () => {
    writeFileSync(join(folder, 'card.json'), '{"schemaVersion": 1,');
    await expect(readModel(folder)).rejects.toMatchObject({ code: 'RECORD_INVALID' });
  });
});

describe('opening a model', () => {
  it('says what is wrong with bytes that are no model', async () => {
    await expect(openImageModel(bytes.subarray(0, 60), 'cpu')).rejects.toThrow(/\w/);
  });

  it('runs slices of any size and number', async () => {
    const model = await openImageModel(bytes, 'cpu');
    for (const [n, h, w] of [
      [1, 32, 32],
      [2, 17, 45],
    ] as const) {
      const x = Float32Array.from({ length: n * h * w }, (_, at) => Math.sin(at));
      expect(await model.run(x, [n, 1, h, w])).toEqual(x);
    }
    await model.dispose();
  });
});
