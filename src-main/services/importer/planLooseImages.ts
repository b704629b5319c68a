/**
 * Cases from NIfTI and MetaImage files, which say nothing of patient or modality: their names must. A word of the name (or the name of
 * the folder it lies in) says what a file is: mr, mri, t1w, t2w → MR; ct → CT; mask → mask. What is left of the
 * name, else the folder, names the case. SynthRAD2023 (`<ID>/{mr,ct,mask}.nii.gz`) and SynthRAD2025 (`<ID>/{mr,ct,mask}.mha`)
 * folders follow this rule (bare t1 and t2 are no such words: they are vertebrae too); of their ids (task digit, anatomy, centre letter, three digits) the centre is kept.
 */
import { basename, dirname } from 'node:path';
import type { CaseImage, CaseVolumeName } from '../workspace/caseRecord.ts';
import { caseIdSchema } from '../workspace/caseRecord.ts';
import type { ImportPlan, LeftOut, LoadedImage, PlannedCase, PlannedImage } from './plannedCase.ts';

export interface LooseFile {
  readonly path: string;
  readonly format: Exclude<CaseImage['kind'], 'dicom'>;
  /** The separate data file of an .mhd, when it is among the imported files. */
  readonly dataPath?: string;
}

export interface LooseName {
  readonly role: CaseVolumeName;
  /** The folder the case's files share, and the part of the name they share ('' when the folder names the case). */
  readonly folder: string;
  readonly stem: string;
}

const roles: Readonly<Record<string, CaseVolumeName>> = {
  mr: 'mr', mri: 'mr', t1w: 'mr', t2w: 'mr', ct: 'ct', mask: 'mask',
}; // prettier-ignore
const roleWord = new RegExp(`(?<![A-Za-z0-9])(${Object.keys(roles).join('|')})(?![A-Za-z0-9])`, 'gi');

/** What a file's name says, or undefined when it does not say what the file is. */
export function readLooseName(path: string): LooseName | undefined {
  const name = basename(path).replace(/\.(nii|nii\.gz|mha|mhd)$/i, '');
  const folder = dirname(path);
  const word = [...name.matchAll(roleWord)].at(-1);
  const role = roles[word?.[0].toLowerCase() ?? ''];
  if (word !== undefined && role !== undefined) {
    const rest = `${name.slice(0, word.index)} ${name.slice(word.index + word[0].length)}`;
    return { role, folder, stem: rest.replace(/[\s_.-]+/g, '-').replace(/^-|-$/g, '') };
  }
  const folderRole = roles[basename(folder).toLowerCase()];
  return folderRole === undefined ? undefined : { role: folderRole, folder: dirname(folder), stem: name };
}

/** The centre letter of a SynthRAD2023 (`1PA001`) or SynthRAD2025 (`1ABA001`) id. */
export function synthradCenter(caseId: string): string | undefined {
  return /^[12](?:[BP]|HN|TH|AB)([A-F])\d{3}$/.exec(caseId)?.[1];
}

/** Plans one case per shared name; `load` reads a file. */
export function planLooseImages(
  files: readonly LooseFile[],
  load: (file: LooseFile) => Promise<LoadedImage>,
): ImportPlan {
  const cases = new Map<
    string,
    { folder: string; stem: string; images: Partial<Record<CaseVolumeName, PlannedImage>> }
  >();
  const leftOut: LeftOut[] = [];
  for (const file of files) {
    const paths = file.dataPath === undefined ? [file.path] : [file.path, file.dataPath];
    const leave = (code: 'modality-unknown' | 'series-not-chosen', chosen = ''): void => {
      const details: Record<string, string> = chosen === '' ? {} : { chosen };
      leftOut.push({ paths, reason: { code, severity: 'warning', subject: file.path, details } });
    };
    const named = readLooseName(file.path);
    if (named === undefined) {
      leave('modality-unknown');
      continue;
    }
    const { role, folder, stem } = named;
    const caseId = toCaseId(stem === '' ? basename(folder) : stem);
    const planned = cases.get(caseId) ?? { folder, stem, images: {} };
    const taken = planned.images[role];
    if (planned.folder !== folder || planned.stem !== stem) {
      const details = { case: caseId, other: planned.folder };
      leftOut.push({
        paths,
        reason: { code: 'case-name-taken', severity: 'error', subject: file.path, details },
      });
    } else if (taken === undefined) {
      planned.images[role] = { kind: file.format, name: basename(file.path), paths, load: () => load(file) };
      cases.set(caseId, planned);
    } else {
      leave('series-not-chosen', taken.name);
    }
  }
  return { cases: [...cases].map(([caseId, { images }]) => toPlan(caseId, images)), leftOut };
}

function toPlan(caseId: string, images: PlannedCase['images']): PlannedCase {
  const center = synthradCenter(caseId);
  return { caseId, label: caseId, ...(center === undefined ? {} : { center }), images };
}

/** A case id from a file's or folder's name. */
function toCaseId(name: string): string {
  const id = name
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 64);
  return caseIdSchema.safeParse(id).success ? id : 'case';
}
