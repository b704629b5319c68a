/**
 * The workspace: a folder that is the database (`cases/`, `cohort.json`, `runs/`, `models/`, `exports/`). Volumes are uncompressed
 * NIfTI, records JSON with a schema version; every write is atomic. Nothing is cached: other tools may change the files.
 */
import { access, mkdir, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readNifti } from '../../formats/nifti/readNifti.ts';
import { writeNifti } from '../../formats/nifti/writeNifti.ts';
import { AppError } from '../../shared/appError.ts';
import type { Volume } from '../../shared/volume.ts';
import { readBytes } from '../../workflows/files/readBytes.ts';
import { readRecord, writeRecord } from '../../workflows/files/record.ts';
import { sweepPartials } from '../../workflows/files/temporaryName.ts';
import { systemCode, toWriteError } from '../../workflows/files/toWriteError.ts';
import { writeAtomically } from '../../workflows/files/writeAtomically.ts';
import { type CaseRecord, caseIdSchema, caseRecordSchema, type CaseVolumeName } from './caseRecord.ts';
import { type Cohort, type CohortCase, cohortSchema } from './cohort.ts';

/** A cohort entry with the paths of the case's volumes: all a workflow needs to know of a workspace. */
export interface CohortStudy extends CohortCase {
  readonly mrPath: string;
  readonly ctPath: string;
  readonly maskPath?: string;
}

export interface Workspace {
  readonly directory: string;
  readonly casesDirectory: string;
  readonly runsDirectory: string;
  readonly modelsDirectory: string;
  readonly exportsDirectory: string;
  readonly cohortPath: string;
  /** Every case, by id. Throws RECORD_INVALID for a damaged record. */
  listCases(): Promise<CaseRecord[]>;
  /** Throws CASE_NOT_FOUND, RECORD_INVALID. */
  readCase(caseId: string): Promise<CaseRecord>;
  writeCase(record: CaseRecord): Promise<void>;
  /** Where a case's volume is (to be). */
  volumePath(caseId: string, name: CaseVolumeName): string;
  /** Throws CASE_NOT_FOUND, FILE_NOT_FOUND when the case has no such volume, and what `readNifti` throws. */
  readVolume(caseId: string, name: CaseVolumeName): Promise<Volume>;
  /** Writes the voxels only; the record that names them is written afterwards. */
  writeVolume(caseId: string, name: CaseVolumeName, volume: Volume): Promise<void>;
  /** The cohort, empty when there is none yet. Throws COHORT_INVALID. */
  readCohort(): Promise<Cohort>;
  writeCohort(cohort: Cohort): Promise<void>;
  /** Cohort entries other than `excluded` with their files. Throws COHORT_INVALID for a case that is missing or no pair. */
  listCohortStudies(): Promise<CohortStudy[]>;
}

/** Opens (and, where needed, makes) the workspace in `directory`. Throws WRITE_FAILED or DISK_FULL. */
export async function openWorkspace(directory: string): Promise<Workspace> {
  const workspace = workspaceAt(directory);
  const { directory: root, casesDirectory, runsDirectory, modelsDirectory, exportsDirectory } = workspace;
  try {
    for (const folder of [casesDirectory, runsDirectory, modelsDirectory, exportsDirectory])
      await mkdir(folder, { recursive: true });
    await sweepWorkspace(root, casesDirectory);
  } catch (error) {
    throw toWriteError(error, root);
  }
  return workspace;
}

/** The workspace in `directory` as it is, for those who only look: nothing is made or swept; one that is not there has no cases. */
export function workspaceAt(directory: string): Workspace {
  const root = resolve(directory);
  const within = (name: string): string => join(root, name);
  const casesDirectory = within('cases');
  const cohortPath = within('cohort.json');

  const casePath = (caseId: string): string => {
    if (!caseIdSchema.safeParse(caseId).success) throw new AppError('CASE_NOT_FOUND', { case: caseId });
    return join(casesDirectory, caseId);
  };
  const recordPath = (caseId: string): string => join(casePath(caseId), 'case.json');
  const volumePath = (caseId: string, name: CaseVolumeName): string => join(casePath(caseId), `${name}.nii`);

  const readCase = async (caseId: string): Promise<CaseRecord> => {
    try {
      return await readRecord(recordPath(caseId), caseRecordSchema);
    } catch (error) {
      const missing = error instanceof AppError && error.code === 'FILE_NOT_FOUND';
      throw missing ? new AppError('CASE_NOT_FOUND', { case: caseId }) : error;
    }
  };

  const readCohort = async (): Promise<Cohort> => {
    if (!(await exists(cohortPath))) return { schemaVersion: 1, cases: [] };
    return readRecord(cohortPath, cohortSchema, 'COHORT_INVALID');
  };

  const listCases = async (): Promise<CaseRecord[]> => {
    const names = (await exists(casesDirectory)) ? await readdir(casesDirectory) : [];
    const records: CaseRecord[] = [];
    for (const name of names.sort()) {
      // A folder without a record is an import that did not end.
      if (caseIdSchema.safeParse(name).success && (await exists(recordPath(name))))
        records.push(await readCase(name));
    }
    return records;
  };

  return {
    directory: root,
    casesDirectory,
    runsDirectory: within('runs'),
    modelsDirectory: within('models'),
    exportsDirectory: within('exports'),
    cohortPath,
    listCases,
    readCase,
    writeCase: (record) => writeRecord(recordPath(record.caseId), caseRecordSchema, record),
    volumePath,
    async readVolume(caseId, name) {
      const record = await readCase(caseId);
      const file = record[name]?.file;
      if (file === undefined) throw new AppError('FILE_NOT_FOUND', { path: volumePath(caseId, name) });
      const path = join(casePath(caseId), file);
      return readNifti(await readBytes(path), path);
    },
    writeVolume: (caseId, name, volume) => writeAtomically(volumePath(caseId, name), writeNifti(volume)),
    readCohort,
    writeCohort: (cohort) => writeRecord(cohortPath, cohortSchema, cohort),
    async listCohortStudies() {
      const [cohort, records] = [await readCohort(), await listCases()];
      return cohort.cases.flatMap((entry, at): CohortStudy[] => {
        if (entry.role === 'excluded') return [];
        const record = records.find(({ caseId }) => caseId === entry.caseId);
        const invalid = (problem: string): AppError =>
          new AppError('COHORT_INVALID', { path: cohortPath, reason: `cases[${at}].caseId: ${problem}` });
        if (record === undefined) throw invalid(`the workspace has no case ${entry.caseId}`);
        const { mr, ct, mask } = record;
        if (mr === undefined || ct === undefined) throw invalid(`${entry.caseId} is no pair of MR and CT`);
        const folder = casePath(entry.caseId);
        const maskPath = mask === undefined ? {} : { maskPath: join(folder, mask.file) };
        return [{ ...entry, mrPath: join(folder, mr.file), ctPath: join(folder, ct.file), ...maskPath }];
      });
    },
  };
}

/** Removes what a killed process left half-written. */
async function sweepWorkspace(root: string, casesDirectory: string): Promise<void> {
  await sweepPartials(root);
  for (const entry of await readdir(casesDirectory, { withFileTypes: true })) {
    if (entry.isDirectory()) await sweepPartials(join(casesDirectory, entry.name));
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}
