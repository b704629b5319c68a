/** Where the contours of a set lie now: on which of the case's images they were drawn, and how that image has been moved since. */
import { contourPoints, type RtContour } from '../../formats/dicom/rtStructureSet.ts';
import { applyAffine, type Affine } from '../../shared/affine.ts';
import { ctToMrOf, readRegistration } from '../registration/registrationRecord.ts';
import type { CaseRecord } from '../workspace/caseRecord.ts';
import { isRegistered } from '../workspace/isRegistered.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';
import { drawnOn, type StructureSetRecord } from './structureSetRecord.ts';

export interface StructurePlace {
  readonly image: 'mr' | 'ct';
  /** LPS mm → LPS mm, from where the set's file has them; null where nothing has moved. */
  readonly motion: Affine | null;
}

/** Of contours drawn on an image of the case. Throws what reading a registration throws. */
export async function placeOn(
  image: 'mr' | 'ct',
  workspace: Workspace,
  record: CaseRecord,
): Promise<StructurePlace> {
  const registration = image === 'ct' ? await readRegistration(workspace, record) : null;
  return { image, motion: registration && ctToMrOf(registration) };
}

/**
 * Of a set; null where it cannot be shown: its image was replaced by one in another frame of reference, or it was drawn on a CT that does not
 * share the MR's space.
 */
export async function structurePlace(
  set: StructureSetRecord,
  workspace: Workspace,
  record: CaseRecord,
): Promise<StructurePlace | null> {
  const image = drawnOn(set, record);
  if (!image || set.frameOfReferenceUid !== record[image]?.source?.frameOfReferenceUid) return null;
  if (image === 'ct' && record.mr && !isRegistered(record)) return null;
  return placeOn(image, workspace, record);
}

/** The points of a contour where they lie now: x, y, z of the first, then of the next (mm, LPS). */
export function placedPoints(contour: RtContour, { motion }: Pick<StructurePlace, 'motion'>): Float64Array {
  const points = contourPoints(contour);
  if (!motion) return points;
  for (let at = 0; at + 2 < points.length; at += 3)
    points.set(applyAffine(motion, [points[at] ?? NaN, points[at + 1] ?? NaN, points[at + 2] ?? NaN]), at);
  return points;
}
