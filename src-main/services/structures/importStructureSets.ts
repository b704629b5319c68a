/**
 * RT Structure Sets among what is imported: each goes to the case on whose MR or CT it was drawn, as the frame of reference and the images it
 * names say. One that fits no case is refused in words: contours in another frame of reference would lie anywhere.
 */
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  isRtStructureSet,
  readRtStructureSet,
  type ReadStructureSet,
} from '../../formats/dicom/readRtStructureSet.ts';
import type { SourceSeries } from '../../formats/dicom/sourceSeries.ts';
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
import { hiddenFinding } from './hiddenFinding.ts';
import { placementFindings } from './placementFindings.ts';
import { structurePlace } from './structurePlace.ts';
import {
  structureSetIdOf,
  structureSetPath,
  structureSetRecordSchema,
  type StructureSetRecord,
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
    const { record } = home;
    const { caseId } = record;
    // One that left with an sCT and comes back from an archive is the one it was made from.
    const structureSetId = structureSetIdOf(set.rewrittenFrom || set.structureSet.sopInstanceUid);
    const volumes = caseVolumeNames.filter((name) => record[name] !== undefined);
    cases.push({ caseId, isNew: false, volumes });
    if (await fileExists(structureSetPath(workspace, caseId, structureSetId))) {
      leave('merged', 'structures-known');
      continue;
    }
    const noticed = await store(set, home, structureSetId, workspace);
    ledger.settle([path], 'loaded');
    findings.push(...noticed);
  }
  return { cases, findings };
}

interface Home {
  readonly record: CaseRecord;
  /** Which of its images the set was drawn on. */
  readonly image: 'mr' | 'ct';
}

/** The case it belongs to, or the finding that says why there is none. */
function homeOf(set: ReadStructureSet, records: readonly CaseRecord[]): Home | string {
  const images = records.flatMap((record): (Home & { source: SourceSeries })[] =>
    (['mr', 'ct'] as const).flatMap((image) => {
      const source = record[image]?.source;
      return source ? [{ record, image, source }] : [];
    }),
  );
  const isNamed = ({ source }: (typeof images)[number]): boolean =>
    source.slices.some(({ sopInstanceUid }) => set.imageUids.has(sopInstanceUid));
  const isInFrame = ({ source }: (typeof images)[number]): boolean =>
    source.frameOfReferenceUid !== '' && set.frameOfReferenceUids.includes(source.frameOfReferenceUid);
  const isOfOther = ({ source: { patient } }: (typeof images)[number]): boolean =>
    patient.patientId !== '' && set.patientId !== '' && patient.patientId !== set.patientId;
  const inFrame = images.filter((one) => isInFrame(one) && !isOfOther(one));
  const home = inFrame.find(isNamed) ?? inFrame[0];
  if (home) return home;
  const named = images.filter(isNamed);
  if (named.some((one) => !isOfOther(one))) return 'structures-other-frame';
  return named.length > 0 || images.some(isInFrame) ? 'structures-other-patient' : 'structures-without-image';
}

async function store(
  { structureSet, imageUids }: ReadStructureSet,
  { record, image }: Home,
  structureSetId: string,
  workspace: Workspace,
): Promise<Finding[]> {
  const { caseId } = record;
  const source = record[image]?.source;
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
    ...(await placementFindings(kept, image, record, workspace)),
  ];
  const stored: StructureSetRecord = {
    schemaVersion: 1,
    structureSetId,
    importedAt: new Date().toISOString(),
    frameOfReferenceUid,
    image,
    structureSet: kept,
    findings: findings.map((finding) => ({ ...finding, details: { ...finding.details } })),
  };
  const target = structureSetPath(workspace, caseId, structureSetId);
  await mkdir(dirname(target), { recursive: true });
  await writeRecord(target, structureSetRecordSchema, stored);
  const isShown = (await structurePlace(stored, workspace, record)) !== null;
  return [
    note('structures-imported', 'info', { count: rois.length }),
    ...(isShown ? [] : [hiddenFinding(stored, record)]),
    ...findings,
  ];
}
