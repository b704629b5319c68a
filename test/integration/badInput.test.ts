/**
 * What the command line does with input it cannot use and with places it cannot write to: one line on standard error, the exit code of
 * the catalogue, the error's code with `--json`, and nothing half-written anywhere.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeSafetensors } from '../../src-main/formats/safetensors/safetensors.ts';
import { writeNifti } from '../../src-main/formats/nifti/writeNifti.ts';
import { generatorSpecs } from '../../src-main/learn/networks/generator.ts';
import { initialise } from '../../src-main/learn/networks/initialise.ts';
import { errorCatalogue, type ErrorCode } from '../../src-main/shared/errorCatalogue.ts';
import type { Affine } from '../../src-main/shared/affine.ts';
import type { Volume } from '../../src-main/shared/volume.ts';
import { writePhantom } from '../../src-main/workflows/phantom/writePhantom.ts';
import { buildStack, buildDicom } from '../fixtures/dicomBuilder.ts';
import { runIlium, runIliumJson, type IliumRun } from '../fixtures/runIlium.ts';
import { runIliumHere } from '../fixtures/runIliumHere.ts';
import { cardOf, linearModelBytes } from '../unit/workflows/synthesize/linearModel.ts';

let folder = '';
const at = (...names: string[]): string => join(folder, ...names);
let smallDisk = false;
let readOnlyDisk = false;

/** Mounts a file system at `name`; false, with a printed reason, where that is not allowed. */
function mount(name: string, options: string): boolean {
  mkdirSync(at(name));
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', at(name)]);
  if (status !== 0) process.stderr.write(`No file system can be mounted here: no test with ${name}.\n`);
  return status === 0;
}

/** An image with a bright box in the middle, or what `value` says. */
function volume(
  value?: (voxel: number) => number,
  size: readonly [number, number, number] = [24, 20, 4],
): Volume {
  const [nx, ny, nz] = size;
  const indexToLps: Affine = [8, 0, 0, -90, 0, 8, 0, -80, 0, 0, 5, -10];
  const box = (voxel: number): number => {
    const [i, j] = [voxel % nx, Math.floor(voxel / nx) % ny];
    return Math.abs(i - nx / 2) < nx / 4 && Math.abs(j - ny / 2) < ny / 4 ? 500 + (voxel % 37) : 1;
  };
  const data = Float32Array.from({ length: nx * ny * nz }, (_, voxel) => (value ?? box)(voxel));
  return { grid: { size, indexToLps }, data };
}

function writeSeries(name: string, files: readonly Uint8Array[]): void {
  mkdirSync(at(name));
  files.forEach((bytes, k) => writeFileSync(at(name, `${k}.dcm`), bytes));
}

function writeModel(name: string, bytes: Uint8Array, change: object = {}): void {
  const weightHash = createHash('sha256').update(bytes).digest('hex');
  mkdirSync(at(name));
  writeFileSync(at(name, 'model.onnx'), bytes);
  writeFileSync(at(name, 'card.json'), JSON.stringify({ ...cardOf(), weightHash, ...change }));
}

const tiny = {
  generator: { inputChannels: 1, ngf: 2, blocks: 1 },
  discriminator: { ndf: 2 },
  spacingMm: [8, 8],
  cropPx: [32, 32],
  batchSize: 2,
  metaBatchSize: 2,
  metaMicroBatch: 2,
  slicesPerEpoch: 2,
  filmSlices: 0,
};

function writeWeightMapInputs(): void {
  const config = { inputChannels: 1, ngf: 2, blocks: 1 };
  const specs = generatorSpecs(config);
  const values = initialise(specs, 1);
  const tensors = new Map(
    specs.map(({ name, shape }) => [name, { shape: [...shape], data: values.get(name)! }]),
  );
  const metadata = { ngf: '2', blocks: '1', inputChannels: '1' };
  const image = (n: number, h: number, w: number) => ({
    shape: [n, 1, h, w],
    data: Float32Array.from({ length: n * h * w }, (_, k) => Math.sin(k)),
  });
  const good = { x: image(1, 8, 12), y: image(1, 8, 12), xv: image(2, 8, 12), yv: image(2, 8, 12) };
  const batch = (change: object): Uint8Array =>
    encodeSafetensors(new Map(Object.entries({ ...good, ...change })), {});
  const { yv: _left, ...withoutYv } = good;
  const files: Record<string, Uint8Array> = {
    'g.safetensors': encodeSafetensors(tensors, metadata),
    'g-wrong.safetensors': encodeSafetensors(tensors, { ...metadata, ngf: '4' }),
    'g-less.safetensors': encodeSafetensors(new Map([...tensors].slice(1)), metadata),
    'b.safetensors': batch({}),
    'b-odd.safetensors': batch({ x: image(1, 8, 10), y: image(1, 8, 10) }),
    'b-other.safetensors': batch({ xv: image(2, 12, 12), yv: image(2, 12, 12) }),
    'b-less.safetensors': encodeSafetensors(new Map(Object.entries(withoutYv)), {}),
  };
  for (const [name, bytes] of Object.entries(files)) writeFileSync(at(name), bytes);
  writeFileSync(at('b-cut.safetensors'), files['b.safetensors']!.subarray(0, 700));
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ilium-bad-'));
  smallDisk = mount('full', 'size=16k');
  readOnlyDisk = mount('readonly', 'ro,size=16k');
  writeFileSync(at('notes.txt'), 'These are notes.');
  mkdirSync(at('empty'));

  const mr = writeNifti(volume());
  writeFileSync(at('mr.nii'), mr);
  writeFileSync(at('cut.nii'), mr.subarray(0, 3000));
  writeFileSync(at('nan.nii'), writeNifti(volume((voxel) => (voxel === 7 ? NaN : voxel % 50))));
  writeFileSync(at('flat.nii'), writeNifti(volume(() => 3)));
  writeFileSync(at('nobody.nii'), writeNifti(volume(() => 0)));
  const zero = mr.slice();
  new DataView(zero.buffer).setInt16(42, 0, true);
  writeFileSync(at('zero.nii'), zero);
  const four = mr.slice();
  const header = new DataView(four.buffer);
  header.setInt16(40, 4, true);
  header.setInt16(46, 2, true);
  header.setInt16(48, 2, true);
  writeFileSync(at('four.nii'), four);
  writeFileSync(
    at('cut.mha'),
    'ObjectType = Image\nNDims = 3\nDimSize = 4 4 4\nElementType = MET_SHORT\nElementDataFile = LOCAL\nabc',
  );

  const stack = (change: (k: number) => object = () => ({})): Uint8Array[] =>
    buildStack(5, 2, (k) => ({ modality: 'MR', sopInstanceUid: `1.2.9.${k + 1}`, ...change(k) }));
  writeSeries(
    'gap',
    stack().filter((_, k) => k !== 2),
  );
  writeSeries(
    'two-series',
    stack((k) => (k > 2 ? { seriesInstanceUid: '1.2.55' } : {})),
  );
  writeSeries(
    'mixed',
    stack((k) => (k === 2 ? { position: [9, 0, 4] } : {})),
  );
  writeSeries(
    'cut',
    stack().map((bytes, k) => (k === 4 ? bytes.subarray(0, bytes.length - 9) : bytes)),
  );
  writeSeries('ct', buildStack(5, 2));
  writeFileSync(at('alone.dcm'), buildDicom({ modality: 'MR' }).subarray(0, 400));

  const bytes = linearModelBytes([1]);
  writeModel('model', bytes);
  writeModel('three', linearModelBytes([1, 0, 0]));
  writeModel('garbage', Buffer.from('this is no model at all'));
  writeModel('swapped', bytes, { weightHash: '0'.repeat(64) });
  writeModel('half-card', bytes);
  writeFileSync(at('half-card', 'card.json'), readFileSync(at('model', 'card.json')).subarray(0, 100));
  writeWeightMapInputs();

  await writePhantom({
    out: at('phantom'),
    cases: 3,
    seed: 2,
    misalignMm: 8,
    format: 'nifti',
    sizePx: [48, 32],
    spacingMm: 8,
    slices: 4,
    sliceSpacingMm: 20,
  });
  writeFileSync(at('tiny.json'), JSON.stringify(tiny));
  writeFileSync(at('unknown.json'), '{"learningrate": 1}');
  runIliumJson(['import', at('phantom', 'Task1'), '--workspace', at('ws')]);
  cpSync(at('ws'), at('ws-no-cohort'), { recursive: true });
  runIliumJson(['rank', '--workspace', at('ws')]);
  cpSync(at('ws'), at('ws-no-meta'), { recursive: true });
  const cohort = readFileSync(at('ws', 'cohort.json'), 'utf8');
  writeFileSync(at('ws-no-meta', 'cohort.json'), cohort.replaceAll('"meta"', '"train"'));
  cpSync(at('ws'), at('ws-lost'), { recursive: true });
  const [first] = readdirSync(at('ws-lost', 'cases'));
  rmSync(at('ws-lost', 'cases', first!, 'mr.nii'));
  cpSync(at('ws'), at('ws-record'), { recursive: true });
  writeFileSync(at('ws-record', 'cases', first!, 'case.json'), '{');
  const trained = runIliumJson<{ run: string }>([
    'train', '--method', 'pgan', '--preset', 'quick', '--epochs', '1', '--config', at('tiny.json'),
    '--device', 'cpu', '--workspace', at('ws'),
  ]); // prettier-ignore
  cpSync(at('ws'), at('ws-broken'), { recursive: true });
  const run = (name: string): string => at('ws-broken', 'runs', name);
  cpSync(at('ws', 'runs', trained.run), run('whole'), { recursive: true });
  cpSync(run('whole'), run('bent'), { recursive: true });
  cpSync(run('whole'), run('untrained'), { recursive: true });
  rmSync(run('untrained') + '/checkpoint.safetensors');
  const checkpoint = readFileSync(run('bent') + '/checkpoint.safetensors');
  checkpoint[checkpoint.length - 5]! ^= 0x10;
  writeFileSync(run('bent') + '/checkpoint.safetensors', checkpoint);
});
afterAll(() => {
  for (const [name, mounted] of Object.entries({ full: smallDisk, readonly: readOnlyDisk }))
    if (mounted) spawnSync('umount', [at(name)]);
  rmSync(folder, { recursive: true, force: true });
});

type Runner = (args: readonly string[], cwd: string) => IliumRun | Promise<IliumRun>;
const asProcess: Runner = (args, cwd) => runIlium(args, { cwd });

/** Every path below the folder, workspaces made by a command left out. */
function listing(): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => !path.startsWith('fresh'))
    .sort();
}

async function expectRefusal(code: ErrorCode, args: readonly string[], run: Runner): Promise<void> {
  const before = listing();
  const { code: exit, out, err } = await run([...args, '--json'], folder);
  const { error } = JSON.parse(out || '{}') as { error?: { code: string; message: string } };
  const { exitCode } = errorCatalogue[code];
  expect({ code: error?.code, exit, err }).toEqual({
    code,
    exit: exitCode,
    err: `ilium: ${error?.message}\n`,
  });
  expect(listing()).toEqual(before);
  rmSync(at('fresh'), { recursive: true, force: true });
}

const synthesize = (model: string, mr: string, out = 'out', ...more: string[]): string[] => [
  'synthesize', '--model', model, '--mr', mr, '--out', out, '--device', 'cpu', ...more,
]; // prettier-ignore
const train = (workspace: string, ...more: string[]): string[] => [
  'train', '--preset', 'quick', '--config', 'tiny.json', '--epochs', '1', '--device', 'cpu', '--workspace', workspace, ...more,
]; // prettier-ignore
const weightMap = (generator: string, batch: string, out = 'u.safetensors', ...more: string[]): string[] => [
  'weight-map', '--generator', `${generator}.safetensors`, '--batch', `${batch}.safetensors`, '--out', out, '--device', 'cpu', ...more,
]; // prettier-ignore
const evaluate = (ct: string, sct: string, ...more: string[]): string[] => [
  'evaluate',
  '--ct',
  ct,
  '--sct',
  sct,
  ...more,
];
const importing = (...paths: string[]): string[] => ['import', ...paths, '--workspace', 'fresh'];

const refusals: Record<string, [name: string, code: ErrorCode, args: string[]][]> = {
  import: [
    ['a missing path', 'NOTHING_IMPORTED', importing('nowhere')],
    ['a text', 'NOTHING_IMPORTED', importing('notes.txt')],
    ['an empty folder', 'NOTHING_IMPORTED', importing('empty')],
    ['a cut DICOM file', 'NOTHING_IMPORTED', importing('alone.dcm')],
    ['a series with a gap', 'NOTHING_IMPORTED', importing('gap')],
    ['NaN', 'NOTHING_IMPORTED', importing('nan.nii')],
    ['no voxels', 'NOTHING_IMPORTED', importing('zero.nii')],
    ['a workspace that is a file', 'WRITE_FAILED', ['import', 'mr.nii', '--workspace', 'notes.txt']],
    ['no path', 'BAD_USAGE', ['import']],
  ],
  synthesize: [
    ['a missing MR', 'FILE_NOT_FOUND', synthesize('model', 'nowhere')],
    ['a text', 'UNKNOWN_FORMAT', synthesize('model', 'notes.txt')],
    ['an empty folder', 'DICOM_NO_IMAGE', synthesize('model', 'empty')],
    ['a cut DICOM file', 'DICOM_TRUNCATED', synthesize('model', 'alone.dcm')],
    ['a series with a cut file', 'DICOM_TRUNCATED', synthesize('model', 'cut')],
    ['a missing slice', 'SERIES_MISSING_SLICE', synthesize('model', 'gap')],
    ['a slice beside the others', 'SERIES_MIXED', synthesize('model', 'mixed')],
    ['two series', 'SERIES_AMBIGUOUS', synthesize('model', 'two-series')],
    ['a series that is not there', 'SERIES_AMBIGUOUS', synthesize('model', 'two-series', 'out', '--series', 'nine')],
    ['a CT', 'BAD_USAGE', synthesize('model', 'ct')],
    ['NaN', 'VOLUME_NOT_FINITE', synthesize('model', 'nan.nii')],
    ['no voxels', 'VOLUME_EMPTY', synthesize('model', 'zero.nii')],
    ['four dimensions', 'VOLUME_NOT_3D', synthesize('model', 'four.nii')],
    ['a cut NIfTI file', 'NIFTI_INVALID', synthesize('model', 'cut.nii')],
    ['a cut MetaImage file', 'METAIMAGE_INVALID', synthesize('model', 'cut.mha')],
    ['one value everywhere', 'NO_BODY_FOUND', synthesize('model', 'flat.nii')],
    ['a missing model', 'MODEL_NOT_FOUND', synthesize('nowhere', 'mr.nii')],
    ['a folder that is no model', 'MODEL_INVALID', synthesize('empty', 'mr.nii')],
    ['a card cut off', 'RECORD_INVALID', synthesize('half-card', 'mr.nii')],
    ['weights of another card', 'MODEL_INVALID', synthesize('swapped', 'mr.nii')],
    ['a damaged network', 'MODEL_INVALID', synthesize('garbage', 'mr.nii')],
    ['a network for three slices', 'MODEL_INVALID', synthesize('three', 'mr.nii')],
    ['an unknown device', 'DEVICE_UNKNOWN', synthesize('model', 'mr.nii', 'out', '--device', 'tpu')],
    ['a device for another system', 'DEVICE_UNAVAILABLE', synthesize('model', 'mr.nii', 'out', '--device', process.platform === 'win32' ? 'coreml' : 'dml')],
    ['a folder in use', 'OUTPUT_EXISTS', synthesize('model', 'mr.nii', 'gap')],
    ['a file in use', 'OUTPUT_EXISTS', synthesize('model', 'mr.nii', 'flat.nii')],
    ['a name without the format’s ending', 'BAD_USAGE', synthesize('model', 'mr.nii', 'out', '--format', 'nifti')],
    ['a name of another format', 'BAD_USAGE', synthesize('model', 'mr.nii', 'out.nii', '--format', 'mha')],
    ['a place inside a file', 'WRITE_FAILED', synthesize('model', 'mr.nii', 'notes.txt/out')],
    ['a file inside a file', 'WRITE_FAILED', synthesize('model', 'mr.nii', 'notes.txt/out.nii')],
  ],
  evaluate: [
    ['a missing CT', 'FILE_NOT_FOUND', evaluate('nowhere', 'mr.nii')],
    ['a text', 'UNKNOWN_FORMAT', evaluate('mr.nii', 'notes.txt')],
    ['an MR series', 'BAD_USAGE', evaluate('mr.nii', 'two-series')],
    ['a cut file', 'NIFTI_INVALID', evaluate('mr.nii', 'cut.nii')],
    ['NaN', 'VOLUME_NOT_FINITE', evaluate('mr.nii', 'nan.nii')],
    ['no voxels', 'VOLUME_EMPTY', evaluate('zero.nii', 'mr.nii')],
    ['a mask of four dimensions', 'VOLUME_NOT_3D', evaluate('mr.nii', 'mr.nii', '--mask', 'four.nii')],
    ['a report inside a file', 'WRITE_FAILED', evaluate('mr.nii', 'mr.nii', '--out', 'notes.txt/report')],
  ],
  train: [
    ['no method', 'BAD_USAGE', train('ws')],
    ['a method without what it is made of', 'CONFIG_INVALID', train('ws', '--method', 'ctx-pgan', '--features', 'none')],
    ['an empty cohort', 'COHORT_EMPTY', train('fresh', '--method', 'pgan')],
    ['no meta case', 'COHORT_NO_META', train('ws-no-meta', '--method', 'meta')],
    ['an unknown device', 'DEVICE_UNKNOWN', train('ws', '--method', 'pgan', '--device', 'tpu')],
    ['an unknown setting', 'CONFIG_INVALID', train('ws', '--method', 'pgan', '--config', 'unknown.json')],
    ['a case whose MR is gone', 'FILE_NOT_FOUND', train('ws-lost', '--method', 'pgan')],
    ['a damaged case', 'RECORD_INVALID', train('ws-record', '--method', 'pgan')],
    ['a missing run', 'RUN_NOT_FOUND', train('ws', '--resume', 'nothing')],
    ['a run outside the workspace', 'RUN_NOT_FOUND', train('ws', '--resume', '../ws')],
    ['a damaged checkpoint', 'CHECKPOINT_CORRUPT', train('ws-broken', '--resume', 'bent')],
  ],
  'export-model': [
    ['a missing run', 'RUN_NOT_FOUND', ['export-model', 'nothing', '--out', 'out', '--workspace', 'ws']],
    ['a run before its first checkpoint', 'RUN_NOT_FOUND', ['export-model', 'untrained', '--out', 'out', '--workspace', 'ws-broken']],
    ['a damaged checkpoint', 'CHECKPOINT_CORRUPT', ['export-model', 'bent', '--out', 'out', '--workspace', 'ws-broken']],
    ['a folder in use', 'OUTPUT_EXISTS', ['export-model', 'whole', '--out', 'gap', '--workspace', 'ws-broken']],
    ['a place inside a file', 'WRITE_FAILED', ['export-model', 'whole', '--out', 'notes.txt/m', '--workspace', 'ws-broken']],
  ],
  'weight-map': [
    ['a missing file', 'FILE_NOT_FOUND', weightMap('g', 'no')],
    ['a cut file', 'SAFETENSORS_INVALID', weightMap('g', 'b-cut')],
    ['weights of another size', 'TENSOR_SHAPE', weightMap('g-wrong', 'b')],
    ['a weight that is missing', 'TENSOR_MISSING', weightMap('g-less', 'b')],
    ['a tensor that is missing', 'TENSOR_MISSING', weightMap('g', 'b-less')],
    ['sides that are no multiples of four', 'TENSOR_SHAPE', weightMap('g', 'b-odd')],
    ['batches of different sides', 'TENSOR_SHAPE', weightMap('g', 'b-other')],
    ['a place inside a file', 'WRITE_FAILED', weightMap('g', 'b', 'notes.txt/u')],
  ],
  rank: [
    ['an empty workspace', 'COHORT_EMPTY', ['rank', '--workspace', 'fresh']],
    ['a damaged case', 'RECORD_INVALID', ['rank', '--workspace', 'ws-record']],
    ['a share above one', 'BAD_USAGE', ['rank', '--top', '1.5', '--workspace', 'ws']],
  ],
}; // prettier-ignore

describe.each(Object.entries(refusals))('%s refuses', (_command, table) => {
  // The way through the launcher is the same for all that a command refuses.
  it.each(table.slice(0, 1))('as a process of its own %s: %s', (_name, code, args) =>
    expectRefusal(code, args, asProcess),
  );
  it.each(table.slice(1))('%s: %s', (_name, code, args) => expectRefusal(code, args, runIliumHere));
});

const writers: [string, (place: string) => string[]][] = [
  ['import', (place) => ['import', 'phantom/Task1', '--workspace', join(place, 'ws')]],
  ['synthesize to DICOM', (place) => synthesize('model', 'mr.nii', join(place, 'sct'))],
  ['synthesize to NIfTI', (place) => synthesize('model', 'mr.nii', join(place, 'sct.nii'))],
  ['synthesize to MetaImage', (place) => synthesize('model', 'mr.nii', join(place, 'sct.mha'))],
  [
    'export-model',
    (place) => ['export-model', 'whole', '--out', join(place, 'm'), '--workspace', 'ws-broken'],
  ],
  ['evaluate', (place) => evaluate('mr.nii', 'mr.nii', '--out', join(place, 'report'))],
  ['weight-map', (place) => weightMap('g', 'b', join(place, 'u.safetensors'))],
  ['phantom', (place) => ['phantom', '--cases', '1', '--out', join(place, 'ph')]],
];

describe('a full disk', () => {
  const evaluation = writers.find(([name]) => name === 'evaluate')!;
  it.for([
    ...writers.map((writer) => [...writer, 16] as const),
    ['evaluate, half of it written,', evaluation[1], 12] as const,
  ])('ends %s with DISK_FULL and leaves no file', async ([, args, taken], { skip }) => {
    if (!smallDisk) skip('no small file system can be mounted here');
    spawnSync('sh', ['-c', `head -c ${taken * 1024} /dev/zero > filler`], { cwd: at('full') });
    try {
      await expectRefusalOnDisk('DISK_FULL', args('full'));
    } finally {
      for (const name of readdirSync(at('full'))) rmSync(at('full', name), { recursive: true });
    }
  });
});

describe('a disk that cannot be written to', () => {
  it.for(writers.slice(0, 3))('ends %s with WRITE_FAILED', async ([, args], { skip }) => {
    if (!readOnlyDisk) skip('no file system can be mounted here');
    await expectRefusalOnDisk('WRITE_FAILED', args('readonly'));
  });
});

/** As `expectRefusal`; folders (of a workspace, or above the output) may stay, files must not. */
async function expectRefusalOnDisk(code: ErrorCode, args: readonly string[]): Promise<void> {
  const files = (): string[] =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() || entry.name.startsWith('.'))
      .map((entry) => join(entry.parentPath, entry.name));
  const before = files();
  const { code: exit, out, err } = await runIliumHere([...args, '--json'], folder);
  const { error } = JSON.parse(out || '{}') as { error?: { code: string; message: string } };
  expect({ code: error?.code, exit, err }).toEqual({
    code,
    exit: errorCatalogue[code].exitCode,
    err: `ilium: ${error?.message}\n`,
  });
  expect(files()).toEqual(before);
}
