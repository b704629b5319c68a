/**
 * RT Structure Sets among what is imported: each goes to the case on whose reference image it was drawn, as the frame of reference says.
 * One that fits no case is refused in words: contours in another frame of reference would lie anywhere.
 */
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  isRtStructureSet,
  readRtStructureSet,
  type ReadStructureSet,
} from '../../formats/dicom/readRtStructureSet.ts';
import { AppError } from '../../shared/appError.ts';
import type { ByteSource } from '../../shared/byteSource.ts';
import type { Finding } from '../../shared/finding.ts';
import { fileExists } from '../../workflows/files/fileExists.ts';
import { writeRecord } from '../../workflows/files/record.ts';
import type { ImportedCase } from '../importer/importReport.ts';
import type { OutcomeLedger } from '../importer/outcomeLedger.ts';
import { headBytes } from '../importer/sniffFormat.ts';
import { caseVolumeNames, type CaseRecord } from '../workspace/caseRecord.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';
import { placementFindings } from './placementFindings.ts';
import {
  referenceSource,
  structureSetIdOf,
  structureSetPath,
  structureSetRecordSchema,
} from './structureSetRecord.ts';

interface Files {
  open(path: string): Promise<ByteSource & { dispose(): Promise<void> }>;
  read(path: string): Promise<Uint8Array>;
}

interface Problem {
  readonly path: string;
  readonly error: unknown;
}

/** Tells structure sets from the other files that hold no image; of one that is no longer readable it says so. */
export async function separateStructureSets(
  problems: readonly Problem[],
  { open }: Pick<Files, 'open'>,
): Promise<{ readonly paths: readonly string[]; readonly others: readonly Problem[] }> {
  const paths: string[] = [];
  const others: Problem[] = [];
  for (const problem of problems) {
    const { path, error } = problem;
    const isNoImage = error instanceof AppError && error.code === 'DICOM_NO_IMAGE';
    try {
      if (isNoImage && (await isStructureSet(path, open))) paths.push(path);
      else others.push(problem);
    } catch (unreadable) {
      others.push({ path, error: unreadable });
    }
  }
  return { paths, others };
}

async function isStructureSet(path: string, open: Files['open']): Promise<boolean> {
  const source = await open(path);
  try {
    return isRtStructureSet(await source.read(0, Math.min(headBytes, source.size)), path);
  } finally {
    await source.dispose();
  }
}

export interface StoredStructureSets {
  /** Cases that have one now. */
  readonly cases: readonly ImportedCase[];
  readonly findings: readonly Finding[];
}

/** Stores each with its case; a set that is there already is merged. Files are settled in `ledger`; throws only write errors. */
export async function storeStructureSets(
  paths: readonly string[],
  workspace: Workspace,
  ledger: OutcomeLedger,
  read: Files['read'],
): Promise<StoredStructureSets> {
  const cases: ImportedCase[] = [];
  const findings: Finding[] = [];
  const records = paths.length > 0 ? await workspace.listCases() : [];
  for (const path of paths) {
    const leave = (outcome: 'skipped' | 'merged', code: string): void =>
      ledger.settle([path], outcome, { code, severity: 'info', subject: path, details: {} });
    let set: ReadStructureSet;
    try {
      set = readRtStructureSet(await read(path), path);
    } catch (error) {
      ledger.settleError([path], error);
      continue;
    }
    const home = homeOf(set, records);
    if (typeof home === 'string') {
      leave('skipped', home);
      continue;
    }
    const { caseId } = home;
    // One that left with an sCT and comes back from an archive is the one it was made from.
    const structureSetId = structureSetIdOf(set.rewrittenFrom || set.structureSet.sopInstanceUid);
    const volumes = caseVolumeNames.filter((name) => home[name] !== undefined);
    cases.push({ caseId, isNew: false, volumes });
    const target = structureSetPath(workspace, caseId, structureSetId);
    if (await fileExists(target)) {
      leave('merged', 'structures-known');
      continue;
    }
    const noticed = await store(set, home, structureSetId, target, workspace);
    ledger.settle([path], 'loaded');
    findings.push(...noticed);
  }
  return { cases, findings };
}

/** The case it belongs to, or the finding that says why there is none. */
function homeOf(set: ReadStructureSet, records: readonly CaseRecord[]): CaseRecord | string {
  const sourceOf = (record: CaseRecord): ReturnType<typeof referenceSource> => {
    const source = referenceSource(record);
    const patient = source?.patient.patientId ?? '';
    return patient !== '' && set.patientId !== '' && patient !== set.patientId ? undefined : source;
  };
  const names = (record: CaseRecord): boolean =>
    sourceOf(record)?.slices.some(({ sopInstanceUid }) => set.imageUids.has(sopInstanceUid)) ?? false;
  const inFrame = records.filter((record) =>
    set.frameOfReferenceUids.includes(sourceOf(record)?.frameOfReferenceUid ?? ''),
  );
  const home = inFrame.find(names) ?? inFrame[0];
  if (home) return home;
  return records.some(names) ? 'structures-other-frame' : 'structures-without-image';
}

async function store(
  { structureSet, imageUids }: ReadStructureSet,
  home: CaseRecord,
  structureSetId: string,
  target: string,
  workspace: Workspace,
): Promise<Finding[]> {
  const { caseId } = home;
  const source = referenceSource(home);
  const frameOfReferenceUid = source?.frameOfReferenceUid ?? '';
  // A region may lie in a frame of its own; where it names none it lies in that of the set.
  const rois = structureSet.rois.filter((roi) => ['', frameOfReferenceUid].includes(roi.frameOfReferenceUid));
  const kept = { ...structureSet, rois };
  const note = (code: string, severity: Finding['severity'], details: Finding['details'] = {}): Finding => ({
    code,
    severity,
    subject: caseId,
    details,
  });
  const isOnOthers = !source?.slices.some(({ sopInstanceUid }) => imageUids.has(sopInstanceUid));
  const elsewhere = structureSet.rois.length - rois.length;
  const findings = [
    ...(isOnOthers ? [note('structures-other-images', 'info')] : []),
    ...(elsewhere > 0 ? [note('structures-regions-elsewhere', 'warning', { count: elsewhere })] : []),
    ...(await placementFindings(kept, home, workspace)),
  ];
  await mkdir(dirname(target), { recursive: true });
  await writeRecord(target, structureSetRecordSchema, {
    schemaVersion: 1,
    structureSetId,
    importedAt: new Date().toISOString(),
    frameOfReferenceUid,
    structureSet: kept,
    findings,
  });
  return [note('structures-imported', 'info', { count: rois.length }), ...findings];
}
