/** Loads the images of one planned case, one after the other, and writes what was accepted to the workspace. */
import { samePatient } from '../../formats/dicom/samePatient.ts';
import { AppError } from '../../shared/appError.ts';
import type { Finding } from '../../shared/finding.ts';
import { type Grid, sameGrid, type Volume } from '../../shared/volume.ts';
import { fileHash } from '../../workflows/files/fileHash.ts';
import type { CaseImage, CaseRecord, CaseVolumeName } from '../workspace/caseRecord.ts';
import { caseVolumeNames } from '../workspace/caseRecord.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';
import { pairFindings } from '../library/pairFindings.ts';
import { removePlacedCt, withImportedCt } from '../registration/placedCt.ts';
import { acceptImage, acceptMask } from './acceptVolume.ts';
import type { ImportedCase } from './importReport.ts';
import type { OutcomeLedger } from './outcomeLedger.ts';
import type { LoadedImage, PlannedCase, PlannedImage } from './plannedCase.ts';

export interface StoredCase {
  /** Absent when nothing of it could be read. */
  readonly imported?: ImportedCase;
  readonly findings: readonly Finding[];
}

/** Stores a case, completing the record of one that is there. Files are settled in `ledger`; throws only write errors. */
export async function storeCase(
  plan: PlannedCase,
  workspace: Workspace,
  ledger: OutcomeLedger,
): Promise<StoredCase> {
  const { caseId } = plan;
  const previous = await readPrevious(workspace, caseId);
  const findings: Finding[] = [];
  /** About the case as a whole. */
  const notes: Finding[] = [];
  const note = (code: string): void => {
    notes.push({ code, severity: 'warning', subject: caseId, details: {} });
  };
  const images: Partial<Record<'mr' | 'ct', CaseImage>> = {};
  const grids: Partial<Record<CaseVolumeName, Grid>> = {};
  for (const name of ['mr', 'ct'] as const) {
    const planned = plan.images[name];
    if (planned === undefined) continue;
    const accepted = await settleLoading(planned, ledger, (volume) => acceptImage(volume, planned.name));
    if (accepted === undefined) continue;
    const { volume, loaded } = accepted;
    await workspace.writeVolume(caseId, name, volume);
    ledger.settleLoaded(planned.paths, loaded.outcomes);
    const found = [...(planned.findings ?? []), ...loaded.findings];
    grids[name] = volume.grid;
    const image: CaseImage = {
      file: `${name}.nii`,
      hash: await fileHash(workspace.volumePath(caseId, name)),
      kind: planned.kind,
      name: planned.name,
      ...(loaded.source === undefined ? {} : { source: loaded.source }),
    };
    const before = previous?.[name];
    if (before !== undefined && isOther(before, image))
      found.push({
        code: 'image-replaced',
        severity: 'warning',
        subject: planned.name,
        details: { previous: before.name },
      });
    findings.push(...found);
    // Subjects may be paths, which say nothing to whom the workspace is handed on.
    images[name] = { ...image, findings: found.map((one) => ({ ...one, subject: planned.name })) };
  }

  const mask = await storeMask(
    plan,
    workspace,
    ledger,
    grids.mr ?? grids.ct ?? (await gridOf(workspace, previous)),
  );
  const keptMask = grids.mr === undefined || !isOther(previous?.mr, images.mr) ? previous?.mask : undefined;
  if (previous?.mask !== undefined && !mask && keptMask === undefined) note('mask-dropped');
  if (Object.keys(images).length === 0 && !mask) return { findings: [] };

  const registered = registeredStill(previous, images);
  if (previous?.registration !== undefined && registered.registration === undefined)
    note('registration-dropped');

  const { center = previous?.center } = plan;
  const record: CaseRecord = {
    schemaVersion: 1,
    caseId,
    label: plan.label,
    importedAt: new Date().toISOString(),
    ...(center === undefined ? {} : { center }),
    ...pick(previous, ['mr', 'ct']),
    ...images,
    ...registered,
    ...(mask ? { mask: { file: 'mask.nii' } } : keptMask === undefined ? {} : { mask: keptMask }),
    findings: notes,
  };
  await workspace.writeCase(record);
  if (previous && record.registration === undefined) await removePlacedCt(workspace, previous);
  const volumes = caseVolumeNames.filter((name) => record[name] !== undefined);
  return {
    imported: { caseId, isNew: previous === undefined, volumes },
    findings: [...findings, ...notes, ...pairFindings(record, grids)],
  };
}

/** The CT as it was registered while neither image is another one; else the CT where its own file puts it. */
function registeredStill(
  previous: CaseRecord | undefined,
  images: Partial<Record<'mr' | 'ct', CaseImage>>,
): Partial<Pick<CaseRecord, 'ct' | 'registration'>> {
  if (previous?.ct === undefined || previous.registration === undefined) return {};
  const isOver = (['mr', 'ct'] as const).some(
    (name) => images[name] !== undefined && isOther(previous[name], images[name]),
  );
  if (!isOver)
    return {
      ct: { ...(images.ct ?? previous.ct), file: previous.ct.file },
      registration: previous.registration,
    };
  const ct = images.ct ?? withImportedCt(previous).ct;
  return ct === undefined ? {} : { ct };
}

async function readPrevious(workspace: Workspace, caseId: string): Promise<CaseRecord | undefined> {
  try {
    return await workspace.readCase(caseId);
  } catch (error) {
    if (error instanceof AppError && error.code === 'CASE_NOT_FOUND') return undefined;
    throw error;
  }
}

/** Loads and accepts an image, or settles its files with the reason. */
async function settleLoading<V extends Volume>(
  planned: PlannedImage,
  ledger: OutcomeLedger,
  accept: (volume: Volume) => V,
): Promise<{ volume: V; loaded: LoadedImage } | undefined> {
  try {
    const loaded = await planned.load();
    return { volume: accept(loaded.volume), loaded };
  } catch (error) {
    ledger.settleError(planned.paths, error);
    return undefined;
  }
}

/** The grid of the MR, else the CT, a case already has. */
async function gridOf(workspace: Workspace, record: CaseRecord | undefined): Promise<Grid | undefined> {
  const name = (['mr', 'ct'] as const).find((one) => record?.[one] !== undefined);
  if (record === undefined || name === undefined) return undefined;
  return (await workspace.readVolume(record.caseId, name)).grid;
}

/** A mask is stored only on the grid of the image it belongs to, and not without one. */
async function storeMask(
  { caseId, images: { mask: planned } }: PlannedCase,
  workspace: Workspace,
  ledger: OutcomeLedger,
  grid: Grid | undefined,
): Promise<boolean> {
  if (planned === undefined) return false;
  if (grid === undefined) {
    ledger.settle(planned.paths, 'skipped', {
      code: 'mask-alone',
      severity: 'warning',
      subject: caseId,
      details: {},
    });
    return false;
  }
  const accepted = await settleLoading(planned, ledger, (volume) => {
    const mask = acceptMask(volume, planned.name);
    if (sameGrid(mask.grid, grid)) return mask;
    const reason = 'a mask must have the size and position of its MR';
    throw new AppError('GRID_MISMATCH', { first: planned.name, second: caseId, reason });
  });
  if (accepted === undefined) return false;
  await workspace.writeVolume(caseId, 'mask', accepted.volume);
  ledger.settle(planned.paths, 'loaded');
  return true;
}

/** Other voxels, or the same of another series; records of before hashes were kept are told apart by their names. */
function isOther(before: CaseImage | undefined, now: CaseImage | undefined): boolean {
  if (before?.hash !== undefined && now?.hash !== undefined && before.hash !== now.hash) return true;
  if (before?.source !== undefined && now?.source !== undefined) {
    const isSeries = before.source.seriesInstanceUid === now.source.seriesInstanceUid;
    return !isSeries || before.name !== now.name || !samePatient(before.source.patient, now.source.patient);
  }
  return before?.kind !== now?.kind || before?.name !== now?.name;
}

function pick<K extends 'mr' | 'ct'>(
  record: CaseRecord | undefined,
  keys: readonly K[],
): Partial<Pick<CaseRecord, K>> {
  const out: Partial<Pick<CaseRecord, K>> = {};
  for (const key of keys) if (record?.[key] !== undefined) out[key] = record[key];
  return out;
}
