/** Where the contours of a set lie against the slices they are shown on, in words. */
import { boundsArea, contourPoints, type RtStructureSet } from '../../formats/dicom/rtStructureSet.ts';
import { contourVoxels } from '../../imaging/mask/contourVoxels.ts';
import type { Finding } from '../../shared/finding.ts';
import type { CaseRecord } from '../workspace/caseRecord.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';
import { referenceImage } from './structureSetRecord.ts';

/** Contours that lie beyond, across or between the slices of the case's reference image; regions without a contour. */
export async function placementFindings(
  { rois }: RtStructureSet,
  record: CaseRecord,
  workspace: Workspace,
): Promise<Finding[]> {
  const image = referenceImage(record);
  if (!image) return [];
  const { grid } = await workspace.readVolume(record.caseId, image);
  const [outside, offPlane, between, empty]: [string[], string[], string[], string[]] = [[], [], [], []];
  for (const { name, contours } of rois) {
    const areas = contours.filter(boundsArea);
    const placed = contourVoxels(areas.map(contourPoints), grid);
    if (contours.length === 0) empty.push(name);
    if (placed.outside > 0) outside.push(name);
    if (placed.offPlane > 0) offPlane.push(name);
    if (placed.between > 0) between.push(name);
  }
  const said: readonly (readonly [string, Finding['severity'], readonly string[]])[] = [
    ['structures-outside', 'warning', outside],
    ['structures-off-plane', 'warning', offPlane],
    ['structures-between', 'info', between],
    ['structures-empty', 'info', empty],
  ];
  return said.flatMap(([code, severity, regions]): Finding[] =>
    regions.length === 0
      ? []
      : [{ code, severity, subject: record.caseId, details: { regions: regions.join(', ') } }],
  );
}
