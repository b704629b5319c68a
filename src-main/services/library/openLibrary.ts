/** The cases of a workspace as the window sees them: lists, voxels, small pictures. Everything is read anew; only figures are kept. */
import { join } from 'node:path';
import type { CaseDetail, CaseSummary } from '../../api/contract/cases.ts';
import type { VolumeHeader } from '../../api/contract/volumes.ts';
import { AppError } from '../../shared/appError.ts';
import type { Finding } from '../../shared/finding.ts';
import type { Grid } from '../../shared/volume.ts';
import { errorFinding } from '../importer/errorFinding.ts';
import { findingBody } from '../findings/findingBody.ts';
import { registrationBody } from '../registration/registrationBody.ts';
import { readRegistration } from '../registration/registrationRecord.ts';
import { structureSetIds } from '../structures/structureSetRecord.ts';
import { caseVolumeNames, type CaseRecord, type CaseVolumeName } from '../workspace/caseRecord.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';
import { caseFindings } from './caseFindings.ts';
import { createCaseTrash, type CaseTrash } from './caseTrash.ts';
import { imageSummary } from './imageSummary.ts';
import { listScts, sctSummary } from './listScts.ts';
import { createMemo } from './memo.ts';
import { sctDirectory, sctIdSchema } from './sctRecord.ts';
import { decodedVolume, openStoredVolume, type StoredVolume } from './storedVolume.ts';
import { drawThumbnail } from './thumbnail.ts';
import { createThumbnailCache } from './thumbnailCache.ts';
import { typicalRange } from './typicalRange.ts';
import { listWeightedRuns, readWeightVolume, runWithWeights, type WeightedRun } from './weightVolume.ts';

export interface ServedVolume extends Pick<StoredVolume, 'bytes' | 'stream'> {
  readonly header: VolumeHeader;
}

export interface Library extends CaseTrash {
  /** Every case, the newest import first. */
  list(): Promise<CaseSummary[]>;
  /** Throws CASE_NOT_FOUND. */
  read(caseId: string): Promise<CaseDetail>;
  /** `name`: mr, ct, mask, weight or an sCT's id. Throws CASE_NOT_FOUND, FILE_NOT_FOUND, SCT_NOT_FOUND and what `readNifti` throws. */
  volume(caseId: string, name: string): Promise<ServedVolume>;
  /** A PNG of the middle axial slice. Throws as `volume` does. */
  thumbnail(caseId: string, name: string): Promise<Uint8Array>;
}

/** Black and white of small pictures: soft tissue and bone in HU, masks and weights from nothing to twice the average. */
const thumbnailRanges = { HU: [-250, 650], label: [0, 1], weight: [0, 2] } as const;

type Grids = Partial<Record<'mr' | 'ct', Grid>>;

export function openLibrary(workspace: Workspace): Library {
  const ranges = createMemo<readonly [number, number]>(2000);
  const pictures = createMemo<Uint8Array>(500);
  const keptPicture = createThumbnailCache(workspace.casesDirectory);

  const open = async (
    caseId: string,
    name: string,
  ): Promise<{ volume: StoredVolume; unit: VolumeHeader['unit'] }> => {
    const record = await workspace.readCase(caseId);
    if (name === 'weight') return { volume: await openWeight(record), unit: 'weight' };
    if (isCaseVolume(name)) {
      const unit = name === 'mr' ? 'signal' : name === 'ct' ? 'HU' : 'label';
      return { volume: await openStoredVolume(pathOf(record, name)), unit };
    }
    if (!sctIdSchema.safeParse(name).success)
      throw new AppError('SCT_NOT_FOUND', { case: caseId, sct: name });
    const path = join(sctDirectory(workspace, caseId, name), 'sct.nii');
    return { volume: await orSctMissing(openStoredVolume(path), caseId, name), unit: 'HU' };
  };

  const pathOf = (record: CaseRecord, name: CaseVolumeName): string => {
    const file = record[name]?.file;
    if (file === undefined)
      throw new AppError('FILE_NOT_FOUND', { path: workspace.volumePath(record.caseId, name) });
    return join(workspace.casesDirectory, record.caseId, file);
  };

  const openWeight = async (record: CaseRecord): Promise<StoredVolume> => {
    const { caseId } = record;
    const run = runWithWeights(await listWeightedRuns(workspace.runsDirectory), caseId);
    if (run === undefined) throw new AppError('FILE_NOT_FOUND', { path: `${caseId}/weight` });
    const { grid } = await openStoredVolume(pathOf(record, 'mr'));
    return decodedVolume(await readWeightVolume(run, caseId, grid), run.version);
  };

  /** Grids of the images; one that cannot be read is left out and a finding says why. */
  const gridsOf = async (record: CaseRecord): Promise<{ grids: Grids; problems: Finding[] }> => {
    const grids: Grids = {};
    const problems: Finding[] = [];
    for (const name of ['mr', 'ct'] as const) {
      if (record[name] === undefined) continue;
      try {
        grids[name] = (await openStoredVolume(pathOf(record, name))).grid;
      } catch (error) {
        problems.push(errorFinding(error, record[name].name));
      }
    }
    return { grids, problems };
  };

  const summarise = async (
    record: CaseRecord,
    grids: Grids,
    runs: readonly WeightedRun[],
  ): Promise<CaseSummary> => {
    const image = (name: 'mr' | 'ct'): CaseSummary['mr'] => {
      const [stored, grid] = [record[name], grids[name]];
      return stored === undefined || grid === undefined ? null : imageSummary(stored.name, grid);
    };
    const { caseId, label, importedAt, mask } = record;
    return {
      caseId,
      label,
      importedAt,
      mr: image('mr'),
      ct: image('ct'),
      hasMask: mask !== undefined,
      hasWeight: record.mr !== undefined && runWithWeights(runs, caseId) !== undefined,
      scts: (await listScts(workspace, caseId)).map((sct) => sctSummary(sct, record)),
    };
  };

  const rangeOf = (caseId: string, name: string, volume: StoredVolume, unit: VolumeHeader['unit']) =>
    ranges(`${caseId} ${name} ${volume.version}`, () => typicalRange(volume, unit));

  return {
    ...createCaseTrash(workspace),
    async list() {
      const runs = await listWeightedRuns(workspace.runsDirectory);
      const records = await workspace.listCases();
      const cases = await Promise.all(
        records.map(async (record) => summarise(record, (await gridsOf(record)).grids, runs)),
      );
      return cases.sort((a, b) => b.importedAt.localeCompare(a.importedAt));
    },
    async read(caseId) {
      const record = await workspace.readCase(caseId);
      const { grids, problems } = await gridsOf(record);
      const runs = await listWeightedRuns(workspace.runsDirectory);
      const registration = await readRegistration(workspace, record);
      return {
        ...(await summarise(record, grids, runs)),
        findings: [...problems, ...caseFindings(record, grids), ...(registration?.findings ?? [])].map(
          findingBody,
        ),
        registration: registration && registrationBody(registration),
        structureSets: (await structureSetIds(workspace, caseId)).length,
      };
    },
    async volume(caseId, name) {
      const { volume, unit } = await open(caseId, name);
      const { grid, type, bytes, stream } = volume;
      const header = { ...grid, type, unit, typicalRange: await rangeOf(caseId, name, volume, unit) };
      return { header, bytes, stream };
    },
    async thumbnail(caseId, name) {
      const { volume, unit } = await open(caseId, name);
      const draw = async (): Promise<Uint8Array> =>
        drawThumbnail(
          volume,
          unit === 'signal' ? await rangeOf(caseId, name, volume, unit) : thumbnailRanges[unit],
        );
      return pictures(`${caseId} ${name} ${volume.version}`, () =>
        keptPicture(caseId, name, volume.version, draw),
      );
    },
  };
}

function isCaseVolume(name: string): name is CaseVolumeName {
  return caseVolumeNames.some((one) => one === name);
}

async function orSctMissing<T>(opened: Promise<T>, caseId: string, sctId: string): Promise<T> {
  try {
    return await opened;
  } catch (error) {
    const missing = error instanceof AppError && error.code === 'FILE_NOT_FOUND';
    throw missing ? new AppError('SCT_NOT_FOUND', { case: caseId, sct: sctId }) : error;
  }
}
