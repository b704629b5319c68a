/**
 * Times our steps against PyTorch's and our evaluation against scikit-image's on this machine and prints ratios (peer seconds / our
 * seconds: above 1, ours is faster).
 *
 * npm run bench -- [--kinds infer,plain,meta,pgan,reg-pgan,ctx-pgan,meta-ctx,evaluate] [--sizes 160x96] [--iterations 5] [--batch 2]
 *                  [--meta-batch 4] [--json FILE]
 *
 * `plain` and `meta` are steps with pixel and adversarial loss alone, `pgan`, `reg-pgan`, `ctx-pgan` and `meta-ctx` those of the four
 * methods with all their losses, features from networks with random weights.
 *
 * Every kind and size gets fresh processes, one per contender, so that each peak of resident memory is its own (it includes the
 * runtime and its imports). Runs are interleaved. Without the peer the reason is printed and only our times.
 * JSON rows: name, ours, peer, ratio from the minimum seconds; …Median and …MemoryMiB beside them; null where there is no peer.
 */
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findPython } from '../fixtures/python.ts';
import { findTorchPython } from '../parity/findTorchPython.ts';
import { benchKinds, isBenchKind, trainedParts, type BenchKind, type BenchSize } from './benchCase.ts';
import { startContender, type Contender } from './contender.ts';
import { measure, type Measured } from './measure.ts';

interface Row {
  readonly name: string;
  readonly ours: number | null;
  readonly peer: number | null;
  readonly ratio: number | null;
  readonly oursMedian: number | null;
  readonly peerMedian: number | null;
  readonly ratioMedian: number | null;
  readonly oursMemoryMiB: number | null;
  readonly peerMemoryMiB: number | null;
}

interface Peer {
  readonly kind: string;
  /** Its name in the table. */
  readonly label: string;
  readonly script: string;
  readonly python: { readonly command: string } | { readonly reason: string };
}

const torchPython = findTorchPython();
const imagePython = findPython(['numpy', 'scipy', 'skimage']);
const torch = (kind: string, label = 'PyTorch'): Peer => ({
  kind,
  label,
  script: 'peer.py',
  python: torchPython,
});

/** A reweighted step has two peers: the map as it was published, and as PyTorch would have it today. */
const torchMaps = (kind: string): readonly Peer[] => [
  torch(`${kind}_published`, 'PyTorch, double backward as published'),
  torch(`${kind}_jvp`, 'PyTorch, torch.func.jvp'),
];

/** The peers of each kind of ours. */
const peersOf: Record<BenchKind, readonly Peer[]> = {
  infer: [torch('infer')],
  plain: [torch('plain')],
  meta: torchMaps('meta'),
  pgan: [torch('pgan')],
  'reg-pgan': [torch('reg-pgan')],
  'ctx-pgan': [torch('ctx-pgan')],
  'meta-ctx': torchMaps('meta-ctx'),
  evaluate: [
    {
      kind: 'evaluate',
      label: 'scikit-image and scipy',
      script: 'peer_evaluate.py',
      python: imagePython ? { command: imagePython } : { reason: 'no Python here imports skimage' },
    },
  ],
};

const usage = `usage: npm run bench -- [--kinds ${benchKinds.join(',')}] [--sizes 160x96,...] [--iterations K] [--batch N] [--meta-batch M] [--json FILE]`;

function parseOptions(): {
  kinds: BenchKind[];
  sizes: BenchSize[];
  iterations: number;
  json: string | undefined;
} {
  const { values } = parseArgs({
    options: {
      kinds: { type: 'string', default: benchKinds.join(',') },
      sizes: { type: 'string', default: '160x96' },
      iterations: { type: 'string', default: '5' },
      batch: { type: 'string', default: '2' },
      'meta-batch': { type: 'string', default: '4' },
      json: { type: 'string' },
    },
  });
  const count = (name: 'iterations' | 'batch' | 'meta-batch'): number => {
    if (!/^[1-9]\d*$/.test(values[name])) throw new Error(`--${name} must be a positive integer`);
    return Number(values[name]);
  };
  const kinds = values.kinds.split(',').map((kind) => {
    if (!isBenchKind(kind)) throw new Error(`--kinds: ${kind} is none of ${benchKinds.join(', ')}`);
    return kind;
  });
  const sizes = values.sizes.split(',').map((text) => {
    const [, h, w] = /^(\d+)x(\d+)$/.exec(text) ?? [];
    if (!h || !w || Number(h) % 4 || Number(w) % 4 || Math.min(Number(h), Number(w)) < 32) {
      throw new Error(`--sizes: ${text} is not HEIGHTxWIDTH in multiples of 4 from 32 up`);
    }
    return { h: Number(h), w: Number(w), n: count('batch'), m: count('meta-batch'), ngf: 64, blocks: 9 };
  });
  return { kinds, sizes, iterations: count('iterations'), json: values.json };
}

const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const versions = new Map<string, string>();

const startOurs = (): Contender =>
  startContender('Ilium', process.execPath, ['--import', 'tsx', script('ours.ts')]);

/** Starts, prepares and returns a contender; when it cannot take part, prints why and returns nothing. */
async function enter(start: () => Contender, message: object): Promise<Contender | undefined> {
  const contender = start();
  try {
    const { versions: told } = await contender.request({ op: 'prepare', ...message });
    Object.entries((told ?? {}) as Record<string, string>).forEach(([key, value]) =>
      versions.set(key, value),
    );
    return contender;
  } catch (error) {
    console.warn(`  left out: ${error instanceof Error ? error.message : String(error)}`);
    await contender.close();
    return undefined;
  }
}

/** The peer in its faster memory layout; the trial runs in a process of its own, so that it does not count as memory. */
async function enterPeer({ label, python, ...peer }: Peer, message: object): Promise<Contender | undefined> {
  if ('reason' in python) {
    console.warn(`  left out, ${label}: ${python.reason}`);
    return undefined;
  }
  const start = (): Contender => startContender(label, python.command, [script(peer.script)]);
  const trial = start();
  try {
    const { layout } = await trial.request({ op: 'prepare', ...message, layout: 'auto' });
    if (typeof layout === 'string') console.log(`  ${label}: ${layout} is its faster layout`);
    await trial.close();
    return await enter(start, { ...message, layout });
  } catch (error) {
    console.warn(`  left out: ${error instanceof Error ? error.message : String(error)}`);
    await trial.close();
    return undefined;
  }
}

function amountOf(kind: BenchKind, { n, m }: BenchSize): string {
  if (kind === 'evaluate') return '100 slices';
  const reweighted = kind !== 'infer' && trainedParts[kind].weights;
  return reweighted ? `n ${n}, m ${m}` : `n ${n}`;
}

async function benchOne(kind: BenchKind, size: BenchSize, iterations: number): Promise<Row[]> {
  const work = `${kind} ${size.h}×${size.w}, ${amountOf(kind, size)}`;
  console.log(work);
  const ours = await enter(startOurs, { kind, ...size });
  const peers: Contender[] = [];
  for (const peer of peersOf[kind]) {
    const entered = await enterPeer(peer, { ...size, kind: peer.kind });
    if (entered) peers.push(entered);
  }
  const contenders = ours ? [ours, ...peers] : peers;
  try {
    const measured = await measure(contenders, iterations);
    const mine = ours ? measured[0] : undefined;
    const theirs = ours ? measured.slice(1) : measured;
    if (peers.length === 0) return mine ? [row(work, mine, undefined)] : [];
    return peers.map((peer, i) => row(`${work} vs ${peer.name}`, mine, theirs[i]));
  } finally {
    await Promise.all(contenders.map((contender) => contender.close()));
  }
}

function row(name: string, ours: Measured | undefined, peer: Measured | undefined): Row {
  return {
    name,
    ours: ours?.minimum ?? null,
    peer: peer?.minimum ?? null,
    ratio: ours && peer ? peer.minimum / ours.minimum : null,
    oursMedian: ours?.median ?? null,
    peerMedian: peer?.median ?? null,
    ratioMedian: ours && peer ? peer.median / ours.median : null,
    oursMemoryMiB: ours?.peakMemoryMiB ?? null,
    peerMemoryMiB: peer?.peakMemoryMiB ?? null,
  };
}

function printTable(rows: readonly Row[]): void {
  const text = (value: number | null, digits: number): string => value?.toFixed(digits) ?? '–';
  const lines = rows.map((r) => [
    r.name,
    `${text(r.ours, 3)} / ${text(r.oursMedian, 3)}`,
    `${text(r.peer, 3)} / ${text(r.peerMedian, 3)}`,
    `${text(r.ratio, 2)} / ${text(r.ratioMedian, 2)}`,
    `${text(r.oursMemoryMiB, 0)} / ${text(r.peerMemoryMiB, 0)}`,
  ]);
  const head = [
    'work',
    'ours s min / median',
    'peer s min / median',
    'ratio min / median',
    'peak MiB ours / peer',
  ];
  for (const line of [head, head.map(() => '---'), ...lines]) console.log(`| ${line.join(' | ')} |`);
}

async function main(): Promise<void> {
  let options;
  try {
    options = parseOptions();
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    process.exitCode = 2;
    return;
  }
  const load = os.loadavg()[0] ?? 0;
  if (load > 0.5)
    console.log(
      `The machine is busy (load ${load.toFixed(1)}): repeat on a quiet one before quoting ratios.`,
    );

  const rows: Row[] = [];
  for (const size of options.sizes) {
    for (const kind of options.kinds) rows.push(...(await benchOne(kind, size, options.iterations)));
  }
  const told = [...versions].map(([key, value]) => `${key} ${value}`).join(', ');
  const machine = `${os.cpus()[0]?.model.trim() ?? 'unknown CPU'}, ${os.availableParallelism()} cores, ${Math.round(os.totalmem() / 2 ** 30)} GiB`;
  console.log(
    `\n${machine}; ${os.type()} ${os.arch()}, node ${process.versions.node}${told ? `, ${told}` : ''}; ${options.iterations} interleaved runs each\n`,
  );
  printTable(rows);
  if (options.json) writeFileSync(options.json, `${JSON.stringify(rows, null, 2)}\n`);
}

await main();
