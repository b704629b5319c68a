/**
 * Synthetic CTs of ours among what is imported, such as one that was fetched from an archive: they are neither a case's CT nor a case of
 * their own, but stand among the sCTs of the case whose MR they were made from, once however often they come.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SeriesGroup } from '../../formats/dicom/groupSeries.ts';
import { mayBeSyntheticCt, readSyntheticCt, type SyntheticCt } from '../../formats/dicom/syntheticCt.ts';
import { writeNifti } from '../../formats/nifti/writeNifti.ts';
import type { Finding } from '../../shared/finding.ts';
import type { Volume } from '../../shared/volume.ts';
import { writeRecord } from '../../workflows/files/record.ts';
import { stageFolder } from '../../workflows/files/stageFolder.ts';
import { openSctComparer, type SctComparison } from '../library/sctComparison.ts';
import { listScts } from '../library/listScts.ts';
import { idOfSeries, sctDirectory, sctRecordSchema } from '../library/sctRecord.ts';
import { caseVolumeNames, type CaseRecord } from '../workspace/caseRecord.ts';
import { imageKey } from '../workspace/imageKey.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';
import { acceptImage } from './acceptVolume.ts';
import type { ImportedCase } from './importReport.ts';
import type { OutcomeLedger } from './outcomeLedger.ts';
import { pathsOf } from './planDicomCases.ts';
import type { LoadedImage } from './plannedCase.ts';

interface SyntheticGroup {
  readonly group: SeriesGroup;
  readonly made: SyntheticCt;
}

export interface SeparatedGroups {
  readonly synthetic: readonly SyntheticGroup[];
  readonly others: readonly SeriesGroup[];
  /** Those of which that cannot be told. */
  readonly unreadable: readonly { readonly group: SeriesGroup; readonly error: unknown }[];
}

type ReadBytes = (path: string) => Promise<Uint8Array>;

/** Tells synthetic CTs of ours from everything else. */
export async function separateSyntheticCts(
  groups: readonly SeriesGroup[],
  read: ReadBytes,
): Promise<SeparatedGroups> {
  const synthetic: SyntheticGroup[] = [];
  const others: SeriesGroup[] = [];
  const unreadable: { group: SeriesGroup; error: unknown }[] = [];
  for (const group of groups) {
    const [header] = group.headers;
    const isLikely = header && mayBeSyntheticCt(header) && group.problem === undefined;
    try {
      const made = isLikely ? readSyntheticCt(await read(header.name), header.name) : undefined;
      if (made) synthetic.push({ group, made });
      else others.push(group);
    } catch (error) {
      unreadable.push({ group, error });
    }
  }
  return { synthetic, others, unreadable };
}

export interface StoredSyntheticCts {
  /** Cases that have one now. */
  readonly cases: readonly ImportedCase[];
  readonly findings: readonly Finding[];
}

/** Stores each beside the MR it was made from, which may have come with it. Files are settled in `ledger`; throws only write errors. */
export async function storeSyntheticCts(
  synthetic: readonly SyntheticGroup[],
  workspace: Workspace,
  ledger: OutcomeLedger,
  load: (group: SeriesGroup) => Promise<LoadedImage>,
): Promise<StoredSyntheticCts> {
  const cases: ImportedCase[] = [];
  const findings: Finding[] = [];
  const records = synthetic.length > 0 ? await workspace.listCases() : [];
  for (const { group, made } of synthetic) {
    const paths = pathsOf(group);
    const skip = (outcome: 'skipped' | 'merged', code: string): void =>
      ledger.settle(paths, outcome, { code, severity: 'info', subject: group.label, details: {} });
    const home = records.find((record) => isMadeFrom(record, group, made));
    if (!home) {
      skip('skipped', 'sct-without-mr');
      continue;
    }
    const { caseId } = home;
    const sctId = idOfSeries(group.id);
    const folder = sctDirectory(workspace, caseId, sctId);
    const volumes = caseVolumeNames.filter((name) => home[name] !== undefined);
    const known = await listScts(workspace, caseId);
    if (known.some((sct) => sct.sctId === sctId || sct.exported?.includes(sctId))) {
      skip('merged', 'sct-known');
      cases.push({ caseId, isNew: false, volumes });
      continue;
    }
    let loaded: LoadedImage;
    try {
      loaded = await load(group);
      const volume = acceptImage(loaded.volume, group.label);
      const madeFrom = imageKey(home, 'mr');
      await storeOne(folder, sctId, made, volume, {
        ...(madeFrom === undefined ? {} : { madeFrom }),
        ...(await openSctComparer(workspace, home))(volume),
      });
    } catch (error) {
      ledger.settleError(paths, error);
      continue;
    }
    ledger.settleLoaded(paths, loaded.outcomes);
    findings.push({
      code: 'sct-imported',
      severity: 'info',
      subject: caseId,
      details: { model: made.model.name },
    });
    cases.push({ caseId, isNew: false, volumes });
  }
  return { cases, findings };
}

/** The MR whose images it names; where it names none, the one of its study and frame of reference. Never that of another patient. */
function isMadeFrom(
  { mr }: CaseRecord,
  { headers }: SeriesGroup,
  { sourceInstanceUids }: SyntheticCt,
): boolean {
  const [header] = headers;
  if (mr?.source === undefined || header === undefined) return false;
  const { patient, study, frameOfReferenceUid, slices } = mr.source;
  if (patient.patientId !== header.patient.patientId || frameOfReferenceUid === '') return false;
  if (frameOfReferenceUid !== header.frameOfReferenceUid) return false;
  return sourceInstanceUids.length > 0
    ? slices.some(({ sopInstanceUid }) => sourceInstanceUids.includes(sopInstanceUid))
    : study.studyInstanceUid === header.study.studyInstanceUid;
}

async function storeOne(
  folder: string,
  sctId: string,
  { model, createdAt = new Date() }: SyntheticCt,
  volume: Volume,
  images: SctComparison & { readonly madeFrom?: string },
): Promise<void> {
  await stageFolder(folder, async (staged) => {
    await writeFile(
      join(staged, 'sct.nii'),
      writeNifti(volume, { description: 'sCT, not for clinical use' }),
    );
    await writeRecord(join(staged, 'sct.json'), sctRecordSchema, {
      schemaVersion: 1,
      sctId,
      createdAt: createdAt.toISOString(),
      model: { modelId: '', ...model },
      device: '',
      seconds: 0,
      ...images,
      findings: [],
    });
  });
}
