import { appendFileSync, cpSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resourcesDirectory } from '../../../../src-main/services/files/resourcesDirectory.ts';
import { modelFolder } from '../../../../src-main/services/models/modelFolder.ts';
import { createModelLibrary, type ModelLibrary } from '../../../../src-main/services/models/modelLibrary.ts';
import { openTinyWorkspace, type TinyWorkspace } from '../../../fixtures/tinyWorkspace.ts';

const bundled = resourcesDirectory('models');
const bundledIds = ['bundled:phantom'];
let tiny: TinyWorkspace;
let models: ModelLibrary;
beforeAll(async () => {
  tiny = await openTinyWorkspace();
  cpSync(join(bundled, 'phantom'), join(tiny.workspace.modelsDirectory, 'mine'), { recursive: true });
  models = createModelLibrary({ workspace: tiny.workspace.modelsDirectory, bundled });
});
afterAll(() => tiny.dispose());

describe('the model library', () => {
  it('lists models of the workspace before those that ship with the program', async () => {
    const list = await models.list();
    expect(list.map(({ modelId, origin, problem }) => [modelId, origin, problem])).toEqual([
      ['mine', 'workspace', null],
      ...bundledIds.map((modelId) => [modelId, 'bundled', null]),
    ]);
    expect(await models.detail('mine')).toMatchObject({ modelId: 'mine', card: { schemaVersion: 1 } });
    expect(await models.pathOf('bundled:phantom')).toBe(join(bundled, 'phantom'));
  });

  it('lists what cannot be used with the reason, also once it has changed', async () => {
    const directory = tiny.workspace.modelsDirectory;
    mkdirSync(join(directory, 'empty'));
    mkdirSync(join(directory, 'no-card'));
    writeFileSync(join(directory, 'no-card', 'model.onnx'), 'x');
    const problemOf = async (modelId: string) =>
      (await models.list()).find((one) => one.modelId === modelId)?.problem;
    expect(await problemOf('empty')).toContain('model.onnx is missing');
    expect(await problemOf('no-card')).toContain('card.json is missing');
    appendFileSync(join(directory, 'mine', 'model.onnx'), 'x');
    expect(await problemOf('mine')).toContain('not those its card describes');
    await expect(models.detail('mine')).rejects.toMatchObject({ code: 'MODEL_INVALID' });
  });

  it('knows no model by a name that leads elsewhere', async () => {
    for (const modelId of ['nowhere', '..', '../cases', 'bundled:..', 'bundled:', ''])
      await expect(models.pathOf(modelId), modelId).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
  });
});

describe('the bundled model', () => {
  it('is small and says that it knows phantoms only', () => {
    const folder = join(bundled, 'phantom');
    expect(statSync(join(folder, 'model.onnx')).size).toBeLessThan(2 * 2 ** 20);
    const card = JSON.parse(readFileSync(join(folder, 'card.json'), 'utf8')) as { intendedUse: string };
    expect(card.intendedUse).toMatch(/phantoms only/);
    expect(card.intendedUse).toMatch(/not a medical device/i);
  });
});

describe('modelFolder', () => {
  it('makes a folder name of what people write, and refuses one that is taken or empty', async () => {
    const directory = tiny.workspace.modelsDirectory;
    expect(await modelFolder(directory, ' Becken Ü, 2. Lauf/neu ')).toBe(
      join(directory, 'Becken-U-2.-Lauf-neu'),
    );
    expect(await modelFolder(directory, '../out')).toBe(join(directory, 'out'));
    await expect(modelFolder(directory, 'mine')).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
    await expect(modelFolder(directory, '骨')).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });
});
