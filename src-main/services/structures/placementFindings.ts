/** Where the contours of a set lie against the slices they are shown on, in words. */
import { boundsArea, type RtStructureSet } from '../../formats/dicom/rtStructureSet.ts';
import { placeContours } from '../../imaging/mask/placeContours.ts';
import type { Finding } from '../../shared/finding.ts';
import type { CaseRecord } from '../workspace/caseRecord.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';
import { placedPoints, placeOn } from './structurePlace.ts';

/** Contours that lie beyond, across or between the slices of the image they were drawn on; slices and regions without a contour. */
export async function placementFindings(
  { rois }: RtStructureSet,
  image: 'mr' | 'ct',
  record: CaseRecord,
  workspace: Workspace,
): Promise<Finding[]> {
  const place = await placeOn(image, workspace, record);
  const { grid } = await workspace.readVolume(record.caseId, image);
  const [outside, offPlane, between]: [string[], string[], string[]] = [[], [], []];
  const [gaps, empty]: [string[], string[]] = [[], []];
  for (const { name, contours } of rois) {
    const areas = contours.filter(boundsArea).map((contour) => placedPoints(contour, place));
    const placed = placeContours(areas, grid);
    if (contours.length === 0) empty.push(name);
    if (placed.outside > 0) outside.push(name);
    if (placed.offPlane > 0) offPlane.push(name);
    if (placed.between > 0) between.push(name);
    if (placed.gaps > 0) gaps.push(name);
  }
  const said: readonly (readonly [string, Finding['severity'], readonly string[]])[] = [
    ['structures-outside', 'warning', outside],
    ['structures-off-plane', 'warning', offPlane],
    ['structures-between', 'info', between],
    ['structures-gaps', 'warning', gaps],
    ['structures-empty', 'info', empty],
  ];
  return said.flatMap(([code, severity, regions]): Finding[] =>
    regions.length === 0
      ? []
      : [{ code, severity, subject: record.caseId, details: { regions: regions.join(', ') } }],
  );
}
