import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importCycles, importsOf, readImports } from './importGraph.ts';
import { importProblem, layerOf, layerRules } from './importRules.ts';

const root = resolve(import.meta.dirname, '../..');
const sources = [...readImports(root, 'src-main'), ...readImports(root, 'src-renderer')];

describe('the source tree', () => {
  it('has a row in the table for every file', () => {
    expect(sources.length).toBeGreaterThan(5);
    expect(sources.filter(({ file }) => !layerOf(file)).map(({ file }) => file)).toEqual([]);
  });

  it('imports downwards only', () => {
    const problems = sources.flatMap(({ file, specifiers }) =>
      specifiers.flatMap((specifier) => {
        const problem = importProblem(file, specifier);
        return problem ? [`${file}: ${problem}`] : [];
      }),
    );
    expect(problems).toEqual([]);
  });

  it('takes from the application into the window nothing but types, and the arithmetic of shared and imaging', () => {
    const values = readImports(root, 'src-renderer').flatMap(({ file }) =>
      [
        ...readFileSync(resolve(root, file), 'utf8').matchAll(
          /^\s*(?:import|export) (?!type\b)[^;]*src-main\/(?!shared\/|imaging\/)/gm,
        ),
      ].map(([statement]) => `${file}: ${statement.trim()}`),
    );
    expect(values).toEqual([]);
  });

  it('has no import cycle', () => {
    expect(importCycles(sources).map((cycle) => cycle.join(' → '))).toEqual([]);
  });

  it('names the file extension in every relative import', () => {
    const bare = sources.flatMap(({ file, specifiers }) =>
      specifiers
        .filter((s) => s.startsWith('.') && !/\.(ts|mjs|json|svelte|css)$/.test(s))
        .map((s) => `${file}: ${s}`),
    );
    expect(bare).toEqual([]);
  });
});

describe('the table', () => {
  it('names only layers that exist', () => {
    const known = new Set(layerRules.map(({ layer }) => layer));
    expect(layerRules.flatMap(({ layers }) => layers).filter((layer) => !known.has(layer))).toEqual([]);
  });

  it.each([
    ['src-main/learn/methods/pgan.ts', 'node:fs', "learn may not import Node's fs"],
    [
      'src-main/imaging/mask/bodyMask.ts',
      '../../formats/nifti/readNifti.ts',
      'imaging may not import formats',
    ],
    [
      'src-main/formats/nifti/readNifti.ts',
      '../../imaging/mask/bodyMask.ts',
      'formats may not import imaging',
    ],
    [
      'src-main/workflows/train/train.ts',
      '../../services/jobs/startJob.ts',
      'workflows may not import services',
    ],
    ['src-main/tensor/graph.ts', 'onnxruntime-node', 'tensor may not import the package onnxruntime-node'],
    [
      'src-main/learn/adam.ts',
      '@tensorflow/tfjs-core',
      'learn may not import the package @tensorflow/tfjs-core',
    ],
    ['src-main/tensor/executors/onnx/run.ts', 'fs/promises', 'executors may not import the file system'],
    ['src-main/cli.ts', 'electron', 'host may not import the package electron'],
    ['src-main/services/jobs/startJob.ts', '../../worker.ts', 'services may not import host'],
    ['src-main/shared/volume.ts', '../imaging/mask/bodyMask.ts', 'shared may not import imaging'],
    ['src-main/services/models/list.ts', '../../../test/fixtures/python.ts', 'in no row of the table'],
    [
      'src-renderer/views/BoneView.svelte',
      '@kitware/vtk.js/Rendering/Core/Actor.js',
      'views may not import the package',
    ],
    [
      'src-renderer/components/shared/Button.svelte',
      '../../state/app.svelte.ts',
      'controls may not import state',
    ],
    [
      'src-renderer/state/study.svelte.ts',
      '../components/shared/Button.svelte',
      'state may not import controls',
    ],
    [
      'src-renderer/state/study.svelte.ts',
      '../../src-main/services/jobs/startJob.ts',
      'state may not import services',
    ],
    ['src-renderer/lib/format.ts', 'node:fs', "lib may not import Node's fs"],
  ])('refuses %s importing %s', (file, specifier, message) => {
    expect(importProblem(file, specifier)).toContain(message);
  });

  it.each([
    ['src-main/electron.ts', 'electron'],
    ['src-main/tensor/executors/onnx/run.ts', 'onnxruntime-node'],
    ['src-main/tensor/executors/tfjs/run.ts', '@tensorflow/tfjs-core'],
    ['src-main/learn/pgan.ts', '../tensor/graph.ts'],
    ['src-main/workflows/train/train.ts', 'node:fs/promises'],
    ['src-main/shared/messages.ts', '../../resources/locales/en.json'],
    ['src-renderer/vtk/sliceScene.ts', '@kitware/vtk.js/Rendering/Core/Renderer.js'],
    ['src-renderer/lib/client.ts', '../../src-main/api/contract/cases.ts'],
  ])('lets %s import %s', (file, specifier) => {
    expect(importProblem(file, specifier)).toBeUndefined();
  });
});

describe('the scanner', () => {
  it('sees static, type-only, dynamic and re-exporting imports', () => {
    const text = `import a from './a.ts';
      import type { B } from './b.ts';
      export { c } from './c.ts';
      const d = await import('./d.ts');
      type E = import('./e.ts').E;`;
    expect(importsOf(text).sort()).toEqual(['./a.ts', './b.ts', './c.ts', './d.ts', './e.ts']);
  });

  it('finds a planted cycle', () => {
    const planted = [
      { file: 'src-main/a.ts', specifiers: ['./b.ts'] },
      { file: 'src-main/b.ts', specifiers: ['./c/d.ts', 'zod'] },
      { file: 'src-main/c/d.ts', specifiers: ['../a.ts'] },
    ];
    expect(importCycles(planted)).toEqual([
      ['src-main/a.ts', 'src-main/b.ts', 'src-main/c/d.ts', 'src-main/a.ts'],
    ]);
  });
});
