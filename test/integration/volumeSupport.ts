/**
 * What becomes of NIfTI and MetaImage files, of every oddity that Python writes and of every file of the public sets: read or refused with
 * which code, with which finding, and whether place and values are those that nibabel or numpy see. The README's tables are made of it:
 * `node --import tsx test/integration/volumeSupport.ts` writes them there.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { acceptImage } from '../../src-main/services/importer/acceptVolume.ts';
import { loadLooseImage } from '../../src-main/services/importer/loadLooseImage.ts';
import { AppError } from '../../src-main/shared/appError.ts';
import type { Volume } from '../../src-main/shared/volume.ts';
import { findPython, runPython } from '../fixtures/python.ts';
import { markdownTable, writeReadmeSection } from '../fixtures/readmeTable.ts';
import { sharedData } from '../fixtures/sharedData.ts';

export const volumeSets = ['dicom2nifti', 'elastix', 'nibabel', 'totalsegmentator'];
const modules = ['nibabel', 'numpy'];
export const hasOracle = findPython(modules) !== null;
const oracle = resolve(import.meta.dirname, 'volumeOracle.py');

interface Seen {
  readonly size: readonly number[];
  readonly indexToLps: readonly number[];
  readonly sum: number;
  readonly weighted: number;
}

export type Agreement = 'equal' | 'values equal' | 'other';

export interface VolumeSupport {
  readonly format: 'nifti' | 'metaimage';
  /** The oddity, or the public set. */
  readonly what: string;
  readonly path: string;
  /** 'read', or the code it is refused with; findings of a file that is read follow. */
  readonly outcome: string;
  /** Absent where there is no volume on one side. */
  readonly agreement?: Agreement;
}

/** The oddities that Python writes. */
export async function oddities(): Promise<VolumeSupport[]> {
  const folder = mkdtempSync(join(tmpdir(), 'ilium-odd-'));
  try {
    const made = JSON.parse(runPython(oracle, { modules, args: ['make', folder] })) as (Pick<
      VolumeSupport,
      'format' | 'what' | 'path'
    > & { seen: Seen | null })[];
    const found: VolumeSupport[] = [];
    for (const { seen, ...file } of made) found.push({ ...file, ...(await supportOf(file.path, seen)) });
    return found;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Every NIfTI and MetaImage file of `set`; null where the set is not there. */
export async function publicFiles(set: string): Promise<VolumeSupport[] | null> {
  const folder = sharedData(set);
  if (folder === null) return null;
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(nii|nii\.gz|mha|mhd)$/.test(name))
    .map((name) => join(folder, name))
    .sort();
  const seen = JSON.parse(
    runPython(oracle, { modules, args: ['see'], input: paths.join('\n') }),
  ) as (Seen | null)[];
  const found: VolumeSupport[] = [];
  for (const [at, path] of paths.entries()) {
    const format = /\.mh.$/.test(path) ? 'metaimage' : 'nifti';
    found.push({ format, what: set, path, ...(await supportOf(path, seen[at] ?? null)) });
  }
  return found;
}

async function supportOf(
  path: string,
  seen: Seen | null,
): Promise<Pick<VolumeSupport, 'outcome' | 'agreement'>> {
  try {
    const { volume, findings } = await loadLooseImage(path);
    acceptImage(volume, path);
    const outcome = ['read', ...findings.map(({ code }) => `\`${code}\``)].join(', ');
    return seen === null ? { outcome } : { outcome, agreement: agreementOf(volume, seen) };
  } catch (error) {
    if (error instanceof AppError) return { outcome: `\`${error.code}\`` };
    throw error;
  }
}

/** Values are held as 32-bit floats where they are scaled; NIfTI-1 keeps places in such too. */
function agreementOf({ grid, data }: Volume, seen: Seen): Agreement {
  let [sum, weighted, most] = [0, 0, 1];
  data.forEach((value, at) => {
    sum += value;
    weighted += value * ((at % 9973) + 1);
    most += Math.abs(value) * 9973;
  });
  const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-7 * most;
  const sameValues =
    grid.size.every((n, axis) => n === seen.size[axis]) &&
    near(sum, seen.sum) &&
    near(weighted, seen.weighted);
  if (!sameValues) return 'other';
  const isSamePlace = grid.indexToLps.every(
    (value, at) => Math.abs(value - (seen.indexToLps[at] ?? NaN)) < 1e-4,
  );
  return isSamePlace ? 'equal' : 'values equal';
}

/** The README's tables: one of oddities per format, and the public sets. */
export function volumeTables(odd: readonly VolumeSupport[], files: readonly VolumeSupport[]): string {
  const rows = (all: readonly VolumeSupport[]): string[][] =>
    [...new Set(all.map(({ what }) => what))].map((what) => {
      const own = all.filter((one) => one.what === what);
      const agreements = own.flatMap(({ agreement }) => (agreement === undefined ? [] : [agreement]));
      return [what, tally(own.map(({ outcome }) => outcome)), tally(agreements) || '–'];
    });
  const odds = (format: VolumeSupport['format']): string[][] =>
    rows(odd.filter((one) => one.format === format));
  return [
    markdownTable([['NIfTI', 'Outcome', 'Against nibabel'], ...odds('nifti')]),
    markdownTable([['MetaImage', 'Outcome', 'Against numpy'], ...odds('metaimage')]),
    markdownTable([['Public set', 'Outcome', 'Against nibabel or numpy'], ...rows(files)]),
  ].join('\n\n');
}

/** Each text with how often it is there, when that is more than once. */
function tally(texts: readonly string[]): string {
  return [...new Set(texts)]
    .map((text) => {
      const count = texts.filter((one) => one === text).length;
      return count > 1 ? `${count} ${text}` : text;
    })
    .join('; ');
}

if (process.argv[1] === import.meta.filename) {
  const sets = await Promise.all(volumeSets.map(publicFiles));
  if (sets.includes(null)) throw new Error('The README’s tables need every set.');
  const text = volumeTables(
    await oddities(),
    sets.flatMap((files) => files ?? []),
  );
  writeReadmeSection('volumes', text);
  process.stdout.write(`${text}\n`);
}
