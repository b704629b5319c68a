/**
 * Export plans that were shown and wait to be carried out. They live in memory for an hour; a plan is carried out once, since its UIDs
 * must never name two series.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { ExportPlan } from '../../api/contract/exports.ts';
import { dicomUidsUnder } from '../../formats/dicom/dicomUid.ts';
import { ctSeriesUids, type CtSeriesUids } from '../../formats/dicom/ctSeriesAttributes.ts';
import { AppError } from '../../shared/appError.ts';
import { openStoredVolume } from '../library/storedVolume.ts';
import { readSct } from '../library/readSct.ts';
import { sctDirectory } from '../library/sctRecord.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';
import { derivedCtOf } from './derivedCtOf.ts';
import { gridToWrite, resamplingSentence, type ExportGrid } from './exportGrid.ts';
import { planIdentifiers } from './exportPlan.ts';
import { freeExportPath } from './freeExportPath.ts';

/** What the export job needs to write just what was shown. */
export interface PlannedSeries {
  readonly directory: string;
  readonly uids: CtSeriesUids;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly grid: ExportGrid;
  readonly seriesDescription?: string;
}

export interface ExportPlans {
  /** Throws CASE_NOT_FOUND, SCT_NOT_FOUND, SCT_OF_OTHER_MR. */
  create(
    caseId: string,
    sctId: string,
    options: { readonly seriesDescription?: string; readonly grid?: ExportGrid },
  ): Promise<ExportPlan>;
  /** Hands a plan over to be carried out. Throws PLAN_EXPIRED when it is gone, was carried out, or is for another sCT. */
  take(planId: string, caseId: string, sctId: string): PlannedSeries;
}

const lifetimeMs = 60 * 60_000;

/** `now` is a clock in milliseconds, `uidRoot` tells the settings' root of new UIDs ('' for 2.25). */
export function createExportPlans(
  workspace: Workspace,
  now: () => number = Date.now,
  uidRoot: () => Promise<string> = () => Promise.resolve(''),
): ExportPlans {
  const plans = new Map<string, { caseId: string; sctId: string; at: number; series: PlannedSeries }>();
  const forgetOld = (): void => {
    for (const [planId, { at }] of plans) if (now() - at > lifetimeMs) plans.delete(planId);
  };
  return {
    async create(caseId, sctId, { seriesDescription, grid = 'mr' }) {
      forgetOld();
      const record = await workspace.readCase(caseId);
      const sct = await readSct(workspace, caseId, sctId);
      const volume = await openStoredVolume(join(sctDirectory(workspace, caseId, sctId), 'sct.nii'));
      const at = now();
      const series: PlannedSeries = {
        directory: await freeExportPath(workspace.exportsDirectory, `${caseId}-${sctId}`),
        uids: ctSeriesUids(
          record.mr?.source,
          gridToWrite(volume.grid, grid).size[2],
          dicomUidsUnder(await uidRoot()),
        ),
        grid,
        createdAt: new Date(at).toISOString(),
        ...(seriesDescription === undefined ? {} : { seriesDescription }),
      };
      const resampling = resamplingSentence(volume.grid, grid);
      const derived = {
        ...derivedCtOf(record, sct, series),
        ...(resampling === undefined ? {} : { resampling }),
      };
      const planId = randomUUID();
      plans.set(planId, { caseId, sctId, at, series });
      return {
        planId,
        directory: series.directory,
        files: series.uids.sopInstanceUids.length,
        identifiers: planIdentifiers(derived, series.uids),
      };
    },
    take(planId, caseId, sctId) {
      forgetOld();
      const plan = plans.get(planId);
      if (plan?.caseId !== caseId || plan.sctId !== sctId) throw new AppError('PLAN_EXPIRED');
      plans.delete(planId);
      return plan.series;
    },
  };
}
