/**
 * Writes `test/fixtures/goldenFeatures.json`, what PyTorch makes of the golden case in double precision:
 * `node --import tsx test/parity/makeGoldenFeatures.ts`. The unit tests compare with it where PyTorch is missing.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { SafetensorsTensor } from '../../src-main/formats/safetensors/safetensors.ts';
import { lpipsBackbones, lpipsLinSpecs } from '../../src-main/learn/lpips.ts';
import type { ParameterSpec } from '../../src-main/learn/networks/parameterSpec.ts';
import {
  goldenExtents,
  goldenImages,
  goldenLins,
  goldenTrunks,
  goldenWeights,
  spacedValues,
  type GoldenFile,
  type Values,
} from '../fixtures/goldenFeatures.ts';
import { findTorchPython } from './findTorchPython.ts';
import { readTensors, runOracle, valuesOf, writeTensors } from './oracle.ts';

const python = findTorchPython();
if ('reason' in python) throw new Error(python.reason);
const [n, h, w] = goldenExtents;
const [x, y] = goldenImages();
const tensors = new Map<string, SafetensorsTensor>([
  ['x', { shape: [n, 1, h, w], data: x }],
  ['y', { shape: [n, 1, h, w], data: y }],
]);
const addAll = (prefix: string, specs: readonly ParameterSpec[], values: Values): void => {
  for (const { name, shape } of specs) {
    const data = values.get(name);
    if (data) tensors.set(`${prefix}.${name}`, { shape, data });
  }
};
for (const trunk of ['vgg16', 'vgg19', 'alexnet'] as const)
  addAll(trunk, goldenTrunks[trunk], goldenWeights(trunk));
for (const backbone of lpipsBackbones) addAll(backbone, lpipsLinSpecs(backbone), goldenLins(backbone));

const folder = mkdtempSync(join(tmpdir(), 'ilium-golden-'));
const out = join(folder, 'out.safetensors');
runOracle(
  'features.py',
  writeTensors(folder, 'case.safetensors', tensors),
  out,
  'vgg19',
  'alexnet',
  'lpips-alex',
  'lpips-vgg',
);
const oracle = readTensors(out);
rmSync(folder, { recursive: true });
const golden: GoldenFile = {
  made: `test/parity/makeGoldenFeatures.ts, torch ${python.version}`,
  values: Object.fromEntries(
    [...oracle.keys()].map((name) => {
      const values = valuesOf(oracle, name);
      return [name, name.startsWith('lpips') ? [...values] : spacedValues(values)];
    }),
  ),
};
const target = resolve(import.meta.dirname, '../fixtures/goldenFeatures.json');
writeFileSync(target, `${JSON.stringify(golden)}\n`);
