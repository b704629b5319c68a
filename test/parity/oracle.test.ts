/** The PyTorch oracle is itself checked before anything is compared with it: see check_oracle.py for what each figure means. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeSafetensors, type SafetensorsFile } from '../../src-main/formats/safetensors/safetensors.ts';
import { findTorchPython } from './findTorchPython.ts';

const python = findTorchPython();
if ('reason' in python) console.warn(`Skipped, the PyTorch oracle: ${python.reason}`);

describe.skipIf('reason' in python)('the PyTorch oracle', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ilium-oracle-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (script: string, ...args: string[]): string => {
    if ('reason' in python) throw new Error(python.reason);
    const path = fileURLToPath(new URL(script, import.meta.url));
    const { status, stdout, stderr } = spawnSync(python.command, [path, ...args], { encoding: 'utf8' });
    expect(status, `${stdout}\n${stderr}`).toBe(0);
    return stdout;
  };
  const read = (name: string): SafetensorsFile =>
    decodeSafetensors(new Uint8Array(readFileSync(join(folder, name))), name);
  const values = (file: SafetensorsFile, key: string): number[] =>
    Array.from(file.tensors.get(key)?.data ?? [], Number);

  it('has the published networks, and double differentiation equals the directional derivative', (context) => {
    const figures = JSON.parse(run('check_oracle.py')) as Record<string, unknown>;
    expect(figures).toMatchObject({ generatorParameters: 11_365_633, discriminatorParameters: 2_763_713 });
    expect(figures).toMatchObject({ logitShape: [1, 1, 38, 22], zeroGuard: 0 });
    if (figures['jvpDifference'] === null) {
      console.warn(`Not compared with torch.func.jvp: torch ${String(figures['torch'])} has none.`);
      context.skip();
    }
    expect(figures['jvpDifference']).toBeLessThan(1e-10);
    expect(figures['jvpDifferenceDropout']).toBeLessThan(1e-10);
  });

  it('writes maps and training steps that our reader takes', () => {
    run('make_case.py', '--ngf', '4', '--blocks', '1', '--steps', '2', '--seed', '3', folder);
    expect(read('G.safetensors').metadata).toEqual({ ngf: '4', blocks: '1', inputChannels: '1' });
    const path = (name: string): string => join(folder, name);
    run('weight_map.py', path('G.safetensors'), path('B.safetensors'), path('U.safetensors'), '--float64');
    run(
      'train_step.py',
      path('case.safetensors'),
      path('meta.safetensors'),
      '--method',
      'meta',
      '--steps',
      '2',
    );
    const map = read('U.safetensors');
    expect(map.tensors.get('u')?.shape).toEqual([2, 1, 32, 32]);
    expect(values(map, 'w').reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 12);
    const step = read('meta.safetensors');
    expect(values(step, 'validationLoss')).toHaveLength(2);
    expect(values(step, 'validationLoss')[0]).toBeCloseTo(values(map, 'validationLoss')[0]!, 6);
  });

  it('takes exactly one Adam step per network and step', () => {
    run('make_case.py', '--ngf', '4', '--blocks', '1', '--seed', '4', folder);
    const lr = 2e-4;
    run(
      'train_step.py',
      join(folder, 'case.safetensors'),
      join(folder, 'plain.safetensors'),
      '--method',
      'plain',
      '--float64',
    );
    const before = read('case.safetensors');
    const after = read('plain.safetensors');
    for (const key of ['generator.stem.weight', 'discriminator.conv0.weight']) {
      const gradient = values(after, `gradient.${key}`);
      const start = values(before, key);
      values(after, key).forEach((value, i) => {
        const g = gradient[i]!;
        // The bias corrections of the first step leave m/sqrt(v) = g/|g|.
        expect(value).toBeCloseTo(start[i]! - (lr * g) / (Math.abs(g) + 1e-8), 12);
      });
    }
  });
});
