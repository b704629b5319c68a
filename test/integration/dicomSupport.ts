/**
 * What becomes of every file of the public sets: read or refused with which code, and whether its pixels are those that dcmtk or GDCM
 * decode. The README's tables are made of it: `node --import tsx test/integration/dicomSupport.ts` writes them there.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { groupSeries } from '../../src-main/formats/dicom/groupSeries.ts';
import { openDataSet } from '../../src-main/formats/dicom/openDataSet.ts';
import { readDicomFrames } from '../../src-main/formats/dicom/readDicomHeader.ts';
import { readDicomImage } from '../../src-main/formats/dicom/readDicomImage.ts';
import { explicitLittleEndian, transferSyntaxes } from '../../src-main/formats/dicom/transferSyntaxes.ts';
import { AppError } from '../../src-main/shared/appError.ts';
import { decodeAllFrames, type DecodedFrames } from '../fixtures/dicomFrames.ts';
import { markdownTable, writeReadmeSection } from '../fixtures/readmeTable.ts';
import { sharedData } from '../fixtures/sharedData.ts';

export const supportSets = [
  'dcm_qa_decubitus', 'dcm_qa_enh', 'dcm_qa_ts', 'dicom2nifti', 'dicomparser', 'matrad', 'picai_prep_prostatex', 'pydicom',
  'rt_utils', 'totalsegmentator',
]; // prettier-ignore

/** One DICOM file; files that are no DICOM at all are not listed. */
export interface FileSupport {
  readonly set: string;
  readonly file: string;
  /** The transfer syntax's name, or '' where it cannot be told. */
  readonly syntax: string;
  readonly modality: string;
  readonly frames: number;
  /** 'read', or the code it is refused with. */
  readonly outcome: string;
  /** Largest difference of a stored value from what the outside program decodes; absent where nothing was compared. */
  readonly difference?: number;
}

/** Which program decodes a syntax to Explicit VR Little Endian. */
const outside: Readonly<Record<string, readonly string[]>> = {
  '1.2.840.10008.1.2': ['dcmconv', '+te'],
  '1.2.840.10008.1.2.2': ['dcmconv', '+te'],
  '1.2.840.10008.1.2.1.99': ['dcmconv', '+te'],
  '1.2.840.10008.1.2.5': ['dcmdrle'],
  '1.2.840.10008.1.2.4.50': ['dcmdjpeg'],
  '1.2.840.10008.1.2.4.51': ['dcmdjpeg'],
  '1.2.840.10008.1.2.4.57': ['dcmdjpeg'],
  '1.2.840.10008.1.2.4.70': ['dcmdjpeg'],
  '1.2.840.10008.1.2.4.80': ['dcmdjpls'],
  '1.2.840.10008.1.2.4.81': ['dcmdjpls'],
  '1.2.840.10008.1.2.4.90': ['gdcmconv', '-w'],
  '1.2.840.10008.1.2.4.91': ['gdcmconv', '-w'],
};
const programs = new Map(
  [...new Set(Object.values(outside).map(([program = '']) => program))].map((program) => [
    program,
    spawnSync(program, ['--version']).error === undefined,
  ]),
);
/** Uncompressed files are many and alike: of each set only the first few are compared. */
const plainPerSet = 12;

/** The programs that are not there, for a test to say so. */
export const missingPrograms = [...programs].flatMap(([program, isThere]) => (isThere ? [] : [program]));

/** Looks at every file of `set`; null where the set is not there. Anything but an AppError is thrown on. */
export async function supportOf(set: string): Promise<FileSupport[] | null> {
  const folder = sharedData(set);
  if (folder === null) return null;
  const work = mkdtempSync(join(tmpdir(), 'ilium-support-'));
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const paths = entries.map((entry) => join(entry.parentPath, entry.name)).sort();
    const found: FileSupport[] = [];
    for (const path of paths) {
      const alike = found.filter(({ difference }) => difference !== undefined).length;
      const one = await supportOfFile(path, set, relative(folder, path), work, alike < plainPerSet);
      if (one !== undefined) found.push(one);
    }
    return found;
  } finally {
    rmSync(work, { recursive: true });
  }
}

async function supportOfFile(
  path: string,
  set: string,
  file: string,
  work: string,
  comparesPlain: boolean,
): Promise<FileSupport | undefined> {
  const bytes = readFileSync(path);
  const outcome = await outcomeOf(bytes, path);
  if (outcome === 'NOT_DICOM') return undefined;
  const about = aboutFile(bytes, path);
  const syntax = transferSyntaxes.get(about.uid);
  const isPlain = syntax?.codec === undefined && syntax?.deflated === false;
  const compares = about.isGrey && about.uid !== explicitLittleEndian && (!isPlain || comparesPlain);
  const difference = compares ? await compare(bytes, path, about.uid, work) : undefined;
  return {
    set,
    file,
    syntax: syntax?.name ?? '',
    modality: about.modality,
    frames: about.frames,
    outcome,
    ...(difference === undefined ? {} : { difference }),
  };
}

/** As an import would: every frame's values, and whether the file alone is images of a volume. */
async function outcomeOf(bytes: Uint8Array, path: string): Promise<string> {
  try {
    const { headers } = readDicomFrames(bytes, path);
    for (const { frame } of headers) await readDicomImage(bytes, path, frame);
    const problem = groupSeries(headers).groups.find((group) => group.problem)?.problem;
    return problem?.code ?? 'read';
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

function aboutFile(
  bytes: Uint8Array,
  path: string,
): { uid: string; modality: string; frames: number; isGrey: boolean } {
  try {
    const { dataSet, transferSyntaxUid } = openDataSet(bytes, path);
    return {
      uid: transferSyntaxUid,
      modality: dataSet.string('x00080060')?.trim() ?? '',
      frames: dataSet.intString('x00280008') ?? 1,
      isGrey: dataSet.uint16('x00280002') === 1 && [8, 16].includes(dataSet.uint16('x00280100') ?? 0),
    };
  } catch (error) {
    if (error instanceof AppError) return { uid: '', modality: '', frames: 0, isGrey: false };
    throw error;
  }
}

/** The largest difference of stored values; undefined where the program is not there or cannot read the file, or we refuse it. */
async function compare(
  bytes: Uint8Array,
  path: string,
  uid: string,
  work: string,
): Promise<number | undefined> {
  const [program = '', ...options] = outside[uid] ?? [];
  if (programs.get(program) !== true) return undefined;
  const [input, output] = [join(work, `in-${basename(path)}`), join(work, 'out.dcm')];
  copyFileSync(path, input);
  if (program === 'gdcmconv') nameInstance(input);
  rmSync(output, { force: true });
  if (spawnSync(program, [...options, input, output]).status !== 0) return undefined;
  try {
    const [ours, theirs] = [
      await decodeAllFrames(bytes, path),
      await decodeAllFrames(readFileSync(output), output),
    ];
    return largestStoredDifference(ours, theirs);
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

/** GDCM writes no file without SOP UIDs, which some anonymised files lack. */
function nameInstance(path: string): void {
  const { dataSet } = openDataSet(readFileSync(path), path);
  if (dataSet.string('x00080018')?.trim()) return;
  const values = ['(0008,0016)=1.2.840.10008.5.1.4.1.1.2', '(0008,0018)=1.2.3.4'].flatMap((value) => [
    '-i',
    value,
  ]);
  spawnSync('dcmodify', ['-nb', ...values, path]);
}

function largestStoredDifference(ours: DecodedFrames, theirs: DecodedFrames): number {
  const mask = 2 ** ours.bitsStored - 1;
  let largest = ours.frames.length === theirs.frames.length ? 0 : Infinity;
  for (const [at, { words }] of ours.frames.entries()) {
    const others = theirs.frames[at]?.words ?? [];
    for (let k = 0; k < words.length; k++)
      largest = Math.max(largest, Math.abs((words[k]! & mask) - (others[k]! & mask)));
  }
  return largest;
}

/** The README's two tables. */
export function supportTables(files: readonly FileSupport[]): string {
  const isImage = ({ modality }: FileSupport): boolean => modality === 'MR' || modality === 'CT';
  const syntaxes = [...transferSyntaxes].map(([uid, { name }]) => {
    const own = files.filter(({ syntax }) => syntax === name);
    const images = own.filter(isImage);
    const compared = own.flatMap(({ difference }) => (difference === undefined ? [] : [difference]));
    const equal = compared.filter((value) => value === 0).length;
    const byOne = compared.filter((value) => value === 1).length;
    const others = compared.length - equal - byOne;
    const result = [
      `${equal} equal`,
      ...(byOne ? [`${byOne} within 1`] : []),
      ...(others ? [`${others} other`] : []),
    ];
    return [
      name,
      `\`${uid}\``,
      images.length === 0
        ? '–'
        : `${images.filter(({ outcome }) => outcome === 'read').length} of ${images.length}`,
      compared.length === 0 ? '–' : `${outside[uid]?.[0] ?? ''}: ${result.join(', ')}`,
    ];
  });
  const sets = supportSets.map((set) => {
    const own = files.filter((one) => one.set === set);
    const refused = own.filter(({ outcome }) => outcome !== 'read');
    const codes = [...new Set(refused.map(({ outcome }) => outcome))].sort();
    const told = codes.map(
      (code) => `\`${code}\` ${refused.filter(({ outcome }) => outcome === code).length}`,
    );
    return [set, String(own.filter(({ outcome }) => outcome === 'read').length), told.join(', ') || '–'];
  });
  return [
    markdownTable([['Transfer syntax', 'UID', 'MR and CT files read', 'Pixels against'], ...syntaxes]),
    markdownTable([['Set', 'Files read', 'Refused'], ...sets]),
  ].join('\n\n');
}

if (process.argv[1] === import.meta.filename) {
  const all = await Promise.all(supportSets.map(supportOf));
  if (all.includes(null) || missingPrograms.length > 0)
    throw new Error(`The README's tables need every set and ${missingPrograms.join(', ')}.`);
  const text = supportTables(all.flatMap((files) => files ?? []));
  writeReadmeSection('dicom', text);
  process.stdout.write(`${text}\n`);
}
