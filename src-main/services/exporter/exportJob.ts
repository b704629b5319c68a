/** Job `export`: an sCT of the workspace as DICOM series or NIfTI file, read back before it is called done, with a receipt beside it. */
import { join } from 'node:path';
import { z } from 'zod';
import type { ExportResult } from '../../api/contract/exports.ts';
import { dicomUidsUnder } from '../../formats/dicom/dicomUid.ts';
import type { RtStructureSet } from '../../formats/dicom/rtStructureSet.ts';
import { readNifti } from '../../formats/nifti/readNifti.ts';
import { readBytes } from '../../workflows/files/readBytes.ts';
import type { Finding } from '../../shared/finding.ts';
import type { JobRunner } from '../jobs/jobRunner.ts';
import { readSct } from '../library/readSct.ts';
import { sctDirectory } from '../library/sctRecord.ts';
import { createSettingsStore } from '../settings/settingsStore.ts';
import { liesIn, listStructureSets } from '../structures/structureSetRecord.ts';
import type { CaseRecord } from '../workspace/caseRecord.ts';
import { openWorkspace, type Workspace } from '../workspace/openWorkspace.ts';
import { derivedCtOf } from './derivedCtOf.ts';
import { exportGrids } from './exportGrid.ts';
import { noteExport } from './noteExport.ts';
import { writeSct } from './writeSct.ts';

const uidsSchema = z.object({
  studyInstanceUid: z.string(),
  frameOfReferenceUid: z.string(),
  seriesInstanceUid: z.string(),
  sopInstanceUids: z.array(z.string()),
});

const paramsSchema = z.object({
  workspace: z.string(),
  caseId: z.string(),
  sctId: z.string(),
  format: z.enum(['dicom', 'nifti']),
  /** The new folder (dicom) or file (nifti). */
  out: z.string(),
  createdAt: z.iso.datetime(),
  grid: z.enum(exportGrids).default('mr'),
  /** Shown before; absent: made now, under the settings' root. */
  uids: uidsSchema.exactOptional(),
  seriesDescription: z.string().exactOptional(),
  /** Whether structure sets of the case leave with the series. */
  structures: z.boolean().default(false),
});

/** Resolves with an ExportResult. Throws SCT_NOT_FOUND, OUTPUT_EXISTS, DISK_FULL, EXPORT_VERIFICATION_FAILED; then nothing is left. */
export const exportJob: JobRunner = async (params, { onEvent, signal }): Promise<ExportResult> => {
  const {
    workspace: directory,
    caseId,
    sctId,
    format,
    out,
    grid,
    structures,
    ...choices
  } = paramsSchema.parse(params);
  const workspace = await openWorkspace(directory);
  const record = await workspace.readCase(caseId);
  const sct = await readSct(workspace, caseId, sctId);
  const path = join(sctDirectory(workspace, caseId, sctId), 'sct.nii');
  const volume = readNifti(await readBytes(path), path);
  const { gate, findings } = sct;
  const { uidRoot } = await createSettingsStore(directory, () => undefined).read();
  const createUid = dicomUidsUnder(uidRoot);
  const drawn = structures ? await structuresOf(workspace, record) : { sets: [], findings: [] };
  const derived = { ...derivedCtOf(record, sct, choices), volume, createUid };
  return writeSct(
    {
      ...{ derived, format, out, grid, ...(gate ? { gate } : {}) },
      findings: [...findings, ...drawn.findings],
      structures: drawn.sets,
    },
    (progress) => {
      signal.throwIfAborted();
      onEvent({ type: 'progress', ...progress });
    },
    () => noteExport(workspace, { caseId, sctId, out }),
  );
};

/** Those that lie in the space of the MR, and so of the sCT; the others stay, which is said. */
async function structuresOf(
  workspace: Workspace,
  record: CaseRecord,
): Promise<{ readonly sets: readonly RtStructureSet[]; readonly findings: readonly Finding[] }> {
  const all = await listStructureSets(workspace, record.caseId);
  const leaving = record.mr ? all.filter((set) => liesIn(set, record)) : [];
  const staying = all.filter((set) => !leaving.includes(set)).map(({ structureSet }) => structureSet.label);
  const details = { labels: staying.join(', ') };
  const stay: Finding = { code: 'structures-stay', severity: 'warning', subject: record.caseId, details };
  return {
    sets: leaving.map(({ structureSet }) => structureSet),
    findings: staying.length > 0 ? [stay] : [],
  };
}
