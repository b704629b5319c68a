/**
 * Times our index of 2,000 DICOM files and our load of a 300-slice CT against pydicom on the same files, in turns, and prints the README's
 * table (ratio: peer seconds / our seconds; above 1, ours is faster).
 *
 * node --import tsx test/bench/readingBench.ts [--iterations 5] [--files 2000] [--slices 300]
 *
 * Files are written to a temporary folder and have been read once before they are timed: the disk is not what is compared. Each kind
 * gets fresh processes, so that each peak of resident memory is its own (it includes the runtime and its imports).
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createDicomUid } from '../../src-main/formats/dicom/dicomUid.ts';
import { encodeOriginalSeries } from '../../src-main/formats/dicom/encodeOriginalSeries.ts';
import { findPython } from '../fixtures/python.ts';
import { startContender } from './contender.ts';
import { measure, type Measured } from './measure.ts';

const { values } = parseArgs({
  options: {
    iterations: { type: 'string', default: '5' },
    files: { type: 'string', default: '2000' },
    slices: { type: 'string', default: '300' },
  },
});
const [iterations, files, slices] = [values.iterations, values.files, values.slices].map(Number) as [
  number,
  number,
  number,
];

const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const python = findPython(['pydicom', 'numpy']);

/**
 * Writes one series of `count` square slices into `folder`, a few at a time: children inherit the peak memory of this process in what the
 * system tells of theirs.
 */
function writeSeries(folder: string, modality: 'MR' | 'CT', side: number, count: number, name: string): void {
  mkdirSync(folder, { recursive: true });
  const slice = Int16Array.from({ length: side * side }, (_, at) => 900 * Math.sin(at / 97) + (at % 53));
  const seriesInstanceUid = createDicomUid();
  for (let k = 0; k < count; k++) {
    const [file] = encodeOriginalSeries({
      volume: {
        grid: { size: [side, side, 1], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 2 * k] },
        data: slice,
      },
      modality,
      patient: { patientId: 'bench' },
      study: { studyInstanceUid: '2.25.1' },
      frameOfReferenceUid: '2.25.2',
      seriesInstanceUid,
      seriesNumber: 1,
      seriesDescription: name,
    });
    if (file) writeFileSync(join(folder, `${name}-${k}.dcm`), file.bytes);
  }
}

async function compare(kind: 'index' | 'load', folder: string, count: number): Promise<Measured[]> {
  const contenders = [
    startContender('ours', process.execPath, [
      '--import',
      import.meta.resolve('tsx'),
      script('readingOurs.ts'),
    ]),
    ...(python === null ? [] : [startContender('pydicom', python, [script('peer_reading.py')])]),
  ];
  try {
    for (const contender of contenders) {
      const { versions } = await contender.request({ op: 'prepare', kind, folder, count });
      process.stderr.write(`${kind}, ${contender.name}: ${JSON.stringify(versions)}\n`);
    }
    return await measure(contenders, iterations);
  } finally {
    for (const contender of contenders) await contender.close();
  }
}

function row(label: string, [ours, peer]: readonly (Measured | undefined)[]): string {
  const pair = (pick: (one: Measured) => number, digits: number): string =>
    [ours, peer].map((one) => (one ? pick(one).toFixed(digits) : '–')).join(' / ');
  const ratio = ours && peer ? (peer.minimum / ours.minimum).toFixed(1) : '–';
  return `| ${label} | ${pair((one) => one.minimum, 2)} | ${ratio} | ${pair((one) => one.median, 2)} | ${pair((one) => one.peakMemoryMiB, 0)} |`;
}

const folder = mkdtempSync(join(tmpdir(), 'ilium-reading-'));
try {
  for (let at = 0; at < files; at += 100)
    writeSeries(join(folder, 'index'), 'MR', 256, Math.min(100, files - at), `mr${at}`);
  writeSeries(join(folder, 'load'), 'CT', 512, slices, 'ct');
  const rows = [
    row(`index of ${files} files of 256×256`, await compare('index', join(folder, 'index'), files)),
    row(`load of ${slices} slices of 512×512`, await compare('load', join(folder, 'load'), slices)),
  ];
  const head = [
    '| work | s, ours / pydicom | ratio | median s | peak MiB |',
    '| --- | --- | --- | --- | --- |',
  ];
  process.stdout.write(`${[...head, ...rows].join('\n')}\n`);
} finally {
  rmSync(folder, { recursive: true });
}
