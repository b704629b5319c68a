/** Structure sets as the window asks for them. */
import { z } from 'zod';
import type { RegionBody, StructureSetBody } from '../../api/contract/cases.ts';
import { boundsArea, type RtRoi } from '../../formats/dicom/rtStructureSet.ts';
import type { Finding } from '../../shared/finding.ts';
import { findingBody } from '../findings/findingBody.ts';
import { startJob } from '../jobs/startJob.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';
import { hiddenFinding } from './hiddenFinding.ts';
import { placedPoints, structurePlace, type StructurePlace } from './structurePlace.ts';
import { listStructureSets } from './structureSetRecord.ts';
import { regionStatisticsSchema } from './structureStatistics.ts';

export interface StructureDesk {
  /** Throws CASE_NOT_FOUND, RECORD_INVALID. */
  list(caseId: string): Promise<StructureSetBody[]>;
  /** Throws as `caseStatistics`. */
  statistics(caseId: string, structureSetId: string, sctId?: string): Promise<RegionBody[]>;
}

interface StructureDeskOptions {
  readonly workspace: Workspace;
  /** The worker's program, where it is not beside the sources. */
  readonly workerUrl?: URL;
}

export function createStructureDesk({ workspace, workerUrl }: StructureDeskOptions): StructureDesk {
  return {
    async list(caseId) {
      const record = await workspace.readCase(caseId);
      const sets = await listStructureSets(workspace, caseId);
      const bodies: StructureSetBody[] = [];
      for (const set of sets) {
        const { structureSetId, structureSet } = set;
        const place = await structurePlace(set, workspace, record);
        const findings: readonly Finding[] = place
          ? set.findings
          : [hiddenFinding(set, record), ...set.findings];
        bodies.push({
          structureSetId,
          label: structureSet.label,
          fits: place !== null,
          findings: findings.map(findingBody),
          regions: place ? structureSet.rois.map((roi) => regionBody(roi, place)) : [],
        });
      }
      return bodies;
    },
    async statistics(caseId, structureSetId, sctId) {
      const params = { workspace: workspace.directory, caseId, structureSetId, sctId };
      const outcome = await startJob(
        { kind: 'structure-statistics', params },
        workerUrl ? { workerUrl } : {},
      );
      if (outcome.status !== 'done') throw new Error('Nobody stops the measuring.');
      return z.array(regionStatisticsSchema).parse(outcome.result);
    },
  };
}

function regionBody(
  { number, name, colour, interpretedType, contours }: RtRoi,
  place: StructurePlace,
): StructureSetBody['regions'][number] {
  return {
    number,
    name,
    colour: colour ?? null,
    type: interpretedType,
    contours: contours.map((contour) => ({
      closed: boundsArea(contour),
      points: [...placedPoints(contour, place)],
    })),
  };
}
