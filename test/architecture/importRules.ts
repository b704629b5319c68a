/**
 * Who may import whom: the one table behind the lint rule (`eslint.config.js`) and the architecture test.
 *
 * Imports point down: hosts → api → services → workflows → learn → tensor → shared. `imaging` and `formats` rest on `shared`
 * alone and do not know each other. A file belongs to the first row whose pattern matches its path from the repository's root.
 * Type-only and dynamic imports count as well. In the window: views → components of a desk → shared components, state → vtk,
 * workers → lib; from `src-main` it knows the contract and shared types only. Tests may import anything.
 */
import { builtinModules } from 'node:module';
import { posix } from 'node:path';

export interface LayerRule {
  readonly layer: string;
  /** Matches paths such as `src-main/learn/methods/pgan.ts`. */
  readonly files: RegExp;
  /** Layers it may import besides itself. */
  readonly layers: readonly string[];
  /** npm packages it may import (a trailing `/*` stands for a scope). */
  readonly packages: readonly string[];
  /** Node's own modules: none, all, or all but the file system. */
  readonly node: 'none' | 'withoutFiles' | 'all';
  /** How to fix an import this row forbids. */
  readonly fix: string;
}

const belowHosts = ['services', 'workflows', 'learn', 'executors', 'tensor', 'imaging', 'formats', 'shared'];

/** What the window may know of the application: the contract's types, and what `shared` computes. */
const knownToTheWindow = ['contract', 'shared'];

export const layerRules: readonly LayerRule[] = [
  {
    layer: 'electron host',
    files: /^src-main\/(electron|preload)\.ts$/,
    layers: ['host', 'api', 'contract', ...belowHosts],
    packages: ['electron', 'hono', 'zod'],
    node: 'all',
    fix: 'A host only composes: move behaviour into api or services.',
  },
  {
    layer: 'host',
    files: /^src-main\/([^/]+\.(ts|mjs)|(cli|electron)\/.*)$/,
    layers: ['api', 'contract', ...belowHosts],
    packages: ['commander', 'tsx', 'hono', '@hono/*', 'zod'],
    node: 'all',
    fix: 'A host only composes: move behaviour into api or services; `electron` belongs in electron.ts and preload.ts alone.',
  },
  {
    layer: 'contract',
    files: /^src-main\/api\/contract\//,
    layers: [],
    packages: [],
    node: 'none',
    fix: 'The contract is types alone, so that the window and the services can both read it.',
  },
  {
    layer: 'api',
    files: /^src-main\/api\//,
    layers: ['contract', ...belowHosts],
    packages: ['hono', 'zod'],
    node: 'withoutFiles',
    fix: 'Routes translate requests: files and child processes belong in services.',
  },
  {
    layer: 'services',
    files: /^src-main\/services\//,
    layers: ['contract', ...belowHosts.slice(1)],
    packages: ['zod', 'pngjs', 'fflate', 'dcmjs-dimse', '@itk-wasm/elastix'],
    node: 'all',
    fix: 'Pass what a service needs as an argument; decoding belongs in formats, networks in learn.',
  },
  {
    layer: 'workflows',
    files: /^src-main\/workflows\//,
    layers: belowHosts.slice(2),
    packages: ['zod', 'pngjs', 'fflate'],
    node: 'all',
    fix: 'A workflow takes plain volumes and paths; the service or host that calls it does the rest.',
  },
  {
    layer: 'learn',
    files: /^src-main\/learn\//,
    layers: ['executors', 'tensor', 'imaging', 'shared'],
    packages: ['zod'],
    node: 'none',
    fix: 'learn computes on arrays: move reading, writing and the clock into workflows and pass the result in.',
  },
  {
    layer: 'executors',
    files: /^src-main\/tensor\/executors\//,
    layers: ['tensor', 'shared'],
    packages: ['onnxruntime-node', 'onnxruntime-common', '@tensorflow/*', 'protobufjs'],
    node: 'withoutFiles',
    fix: 'An executor runs graphs and knows neither medicine nor files.',
  },
  {
    layer: 'tensor',
    files: /^src-main\/tensor\//,
    layers: ['shared'],
    packages: [],
    node: 'none',
    fix: 'tensor knows graphs only: runtimes belong in tensor/executors, the method in learn.',
  },
  {
    layer: 'imaging',
    files: /^src-main\/imaging\//,
    layers: ['shared'],
    packages: [],
    node: 'none',
    fix: 'imaging is arrays in, arrays out: combine it with formats in a workflow or service.',
  },
  {
    layer: 'formats',
    files: /^src-main\/formats\//,
    layers: ['shared'],
    packages: [
      'dicom-parser',
      'dcmjs',
      'nifti-reader-js',
      'fflate',
      'zod',
      '@cornerstonejs/*',
      'jpeg-lossless-decoder-js',
    ],
    node: 'none',
    fix: 'formats turn bytes into volumes and back: read and write files in a workflow or service.',
  },
  {
    layer: 'shared',
    files: /^src-main\/shared\//,
    layers: [],
    packages: [],
    node: 'none',
    fix: 'shared depends on nothing: move what needs more up a layer.',
  },
  {
    layer: 'window',
    files: /^src-renderer\/(App\.svelte|main\.ts)$/,
    layers: ['views', 'components', 'controls', 'state', 'lib', 'styles'],
    packages: ['svelte'],
    node: 'none',
    fix: 'The window only composes: move behaviour into state, drawing into components.',
  },
  {
    layer: 'views',
    files: /^src-renderer\/views\//,
    layers: ['components', 'controls', 'state', 'vtk', 'lib', ...knownToTheWindow],
    packages: ['svelte'],
    node: 'none',
    fix: 'A view only composes: drawing belongs in components and in vtk, behaviour in state.',
  },
  {
    layer: 'controls',
    files: /^src-renderer\/components\/shared\//,
    layers: ['lib'],
    packages: ['svelte'],
    node: 'none',
    fix: 'Shared components know nothing of the app: pass what they need as a property.',
  },
  {
    layer: 'components',
    files: /^src-renderer\/components\//,
    layers: ['controls', 'state', 'vtk', 'workers', 'lib', ...knownToTheWindow],
    packages: ['svelte', 'uplot'],
    node: 'none',
    fix: 'A component draws what state holds: vtk.js is used in vtk alone.',
  },
  {
    layer: 'state',
    files: /^src-renderer\/state\//,
    layers: ['vtk', 'workers', 'lib', ...knownToTheWindow],
    packages: ['svelte'],
    node: 'none',
    fix: 'State knows no components: hand over what they show as properties of a controller.',
  },
  {
    layer: 'vtk',
    files: /^src-renderer\/vtk\//,
    layers: ['workers', 'lib', ...knownToTheWindow],
    packages: ['@kitware/vtk.js'],
    node: 'none',
    fix: 'vtk turns volumes and planes into pictures and knows nothing of the app: pass values in.',
  },
  {
    layer: 'workers',
    files: /^src-renderer\/workers\//,
    layers: ['lib', ...knownToTheWindow],
    packages: [],
    node: 'none',
    fix: 'A worker computes on what it is sent.',
  },
  {
    layer: 'lib',
    files: /^src-renderer\/lib\//,
    // `imaging` is arrays in, arrays out: a metric of the window and of a report is one function.
    layers: ['imaging', ...knownToTheWindow],
    packages: ['svelte', 'fflate', 'gifenc', 'uplot'],
    node: 'none',
    fix: 'lib is what everything in the window rests on: move what knows state or drawing up a layer.',
  },
  { layer: 'styles', files: /^src-renderer\/styles\//, layers: [], packages: [], node: 'none', fix: '' },
];

/** The row of a path from the repository's root with forward slashes; undefined outside `src-main` and `src-renderer`. */
export function layerOf(file: string): LayerRule | undefined {
  return layerRules.find((rule) => rule.files.test(file));
}

/** Why `file` may not import `specifier`, with the way out; undefined when it may. */
export function importProblem(file: string, specifier: string): string | undefined {
  const from = layerOf(file);
  if (!from) return undefined;
  const refuse = (what: string): string => `${from.layer} may not import ${what}. ${from.fix}`;
  if (specifier.startsWith('.')) {
    const target = posix.normalize(posix.join(posix.dirname(file), specifier));
    if (target.startsWith('resources/') || target === 'package.json') return undefined;
    const to = layerOf(target);
    if (!to) return refuse(`${target}, which is in no row of the table`);
    return to === from || from.layers.includes(to.layer) ? undefined : refuse(`${to.layer} (${target})`);
  }
  const name = specifier.replace(/^node:/, '');
  if (specifier.startsWith('node:') || builtinModules.includes(name)) {
    if (from.node === 'none') return refuse(`Node's ${name}`);
    const touchesFiles = /^fs(\/|$)/.test(name);
    return from.node === 'withoutFiles' && touchesFiles ? refuse('the file system') : undefined;
  }
  const allowed = from.packages.some((entry) =>
    entry.endsWith('/*')
      ? specifier.startsWith(entry.slice(0, -1))
      : specifier === entry || specifier.startsWith(`${entry}/`),
  );
  return allowed ? undefined : refuse(`the package ${specifier}`);
}
