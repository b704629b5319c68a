/** Structure sets as the window asks for them. */
import type { RegionBody, StructureSetBody } from '../../api/contract.ts';
import { boundsArea, contourPoints, type RtRoi } from '../../formats/dicom/rtStructureSet.ts';
import { findingBody } from '../findings/findingBody.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';
import { caseStatistics } from './caseStatistics.ts';
import { liesIn, listStructureSets } from './structureSetRecord.ts';

export interface StructureDesk {
  /** Throws CASE_NOT_FOUND, RECORD_INVALID. */
  list(caseId: string): Promise<StructureSetBody[]>;
  /** Throws as `caseStatistics`. */
  statistics(caseId: string, structureSetId: string, sctId?: string): Promise<RegionBody[]>;
}

export function createStructureDesk(workspace: Workspace): StructureDesk {
  return {
    async list(caseId) {
      const record = await workspace.readCase(caseId);
      const sets = await listStructureSets(workspace, caseId);
      return sets.map((set) => {
        const { structureSetId, structureSet, findings } = set;
        const fits = liesIn(set, record);
        return {
          structureSetId,
          label: structureSet.label,
          fits,
          findings: findings.map(findingBody),
          regions: fits ? structureSet.rois.map(regionBody) : [],
        };
      });
    },
    statistics: (caseId, structureSetId, sctId) => caseStatistics(workspace, caseId, structureSetId, sctId),
  };
}

function regionBody({
  number,
  name,
  colour,
  interpretedType,
  contours,
}: RtRoi): StructureSetBody['regions'][number] {
  return {
    number,
    name,
    colour: colour ?? null,
    type: interpretedType,
    contours: contours.map((contour) => ({
      closed: boundsArea(contour),
      points: [...contourPoints(contour)],
    })),
  };
}
