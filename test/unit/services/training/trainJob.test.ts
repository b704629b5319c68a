import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { encodeSafetensors } from '../../../../src-main/formats/safetensors/safetensors.ts';
import { randomFeatures } from '../../../../src-main/learn/features/randomFeatures.ts';
import { vggSpecs } from '../../../../src-main/learn/networks/vgg.ts';
import { trainJob } from '../../../../src-main/services/training/trainJob.ts';
import { installWeights } from '../../../../src-main/services/weights/installWeights.ts';
import { runModel } from '../../../../src-main/workflows/model/runModel.ts';
import { testContext, tinySettings } from '../../../fixtures/tinyTraining.ts';
import { openTinyWorkspace, type TinyWorkspace } from '../../../fixtures/tinyWorkspace.ts';

let tiny: TinyWorkspace;
beforeEach(async () => {
  tiny = await openTinyWorkspace();
  vi.stubEnv('ILIUM_WEIGHTS', tiny.workspace.directory);
});
afterEach(() => {
  vi.unstubAllEnvs();
  tiny.dispose();
});

const train = (params: object, context = testContext()) =>
  trainJob({ workspace: tiny.workspace.directory, device: 'cpu', threads: 1, ...params }, context);

describe('a training that cannot use its settings', () => {
  it('names the file they are in, and the setting', async () => {
    const config = join(tiny.workspace.directory, 'settings.json');
    writeFileSync(config, JSON.stringify({ ...tinySettings, preset: 'paper' }));
    await expect(train({ method: 'pgan', preset: 'quick', config })).rejects.toThrow(
      `${config}: preset: "quick" is chosen, but the settings say "paper"`,
    );
  });
});

describe('a training that looks through installed weights', () => {
  const specs = vggSpecs(16, 'relu2_2');
  const fileOf = (seed: number): Uint8Array => {
    const values = randomFeatures(specs, seed);
    const tensors = specs.map(({ name, shape }) => [name, { shape, data: values.get(name)! }] as const);
    return encodeSafetensors(new Map(tensors));
  };
  const digestOf = (seed: number): string => createHash('sha256').update(fileOf(seed)).digest('hex');
  /** Installs VGG-16 from a file of our own, which counts as published where it is said to be. */
  const install = async (seed: number, published: readonly number[] = []): Promise<void> => {
    const { directory } = tiny.workspace;
    const from = [join(directory, `${seed}.safetensors`)];
    writeFileSync(from[0]!, fileOf(seed));
    const sha256 = published.map(digestOf);
    const file = { url: 'http://127.0.0.1/vgg16', megabytes: 1, sha256, tensors: specs, prefix: '' };
    await installWeights(
      { name: 'vgg16', title: '', usedFor: '', licence: '', files: [file] },
      { directory, from },
    );
  };
  const begun = async (): Promise<string> => {
    const stop = testContext(({ type, ...event }) => type === 'progress' && 'done' in event && event.done === 2 && event.step === 'train'); // prettier-ignore
    const differences = { ...tinySettings, features: 'vgg' };
    const outcome = await train({ method: 'pgan', preset: 'quick', differences }, stop);
    expect(outcome).toMatchObject({ status: 'stopped' });
    return (outcome as { run: string }).run;
  };
  const textOf = (run: string, name: string): string =>
    readFileSync(join(tiny.workspace.runsDirectory, run, name), 'utf8');

  it('has them on record, and calls none published that are not', async () => {
    await install(1);
    const run = await begun();
    expect(JSON.parse(textOf(run, 'run.json'))).toMatchObject({
      networks: [{ network: 'vgg16', sha256: digestOf(1), published: false }],
    });
    const note = `VGG-16 with weights that are not the published ones; nothing vouches for them (SHA-256 ${digestOf(1).slice(0, 12)}…)`;
    expect(textOf(run, 'log.jsonl')).toContain(note);
    const { card } = await runModel(join(tiny.workspace.runsDirectory, run), '0.0.0');
    expect(card.training).toMatchObject({ notes: [expect.stringContaining(note)] });
  });

  it('does not go on through others, and goes on when its own are back', async () => {
    await install(1);
    const run = await begun();
    await install(2);
    const refused = train({ resume: run });
    await expect(refused).rejects.toMatchObject({ code: 'WEIGHTS_CHANGED', exitCode: 2 });
    await expect(refused).rejects.toThrow(digestOf(1).slice(0, 12));
    await expect(refused).rejects.toThrow('ilium weights install vgg16');
    await install(1);
    expect(await train({ resume: run })).toMatchObject({ status: 'finished' });
  });

  it('goes on through another published form of the same weights, and from before they were recorded', async () => {
    await install(1, [1, 2]);
    const run = await begun();
    await install(2, [1, 2]);
    expect(
      await train(
        { resume: run },
        testContext(() => true),
      ),
    ).toMatchObject({ status: 'stopped' });
    const { networks: _, ...old } = JSON.parse(textOf(run, 'run.json')) as Record<string, unknown>;
    writeFileSync(join(tiny.workspace.runsDirectory, run, 'run.json'), JSON.stringify(old));
    await install(3);
    expect(await train({ resume: run })).toMatchObject({ status: 'finished' });
  });
});
