/**
 * Writes a synthetic CT as a CT image series that stands beside its source MR: same patient, study and frame of reference, own
 * series and instances, and on every slice what it was made from and by which model.
 *
 * Source: DICOM PS3.3 A.3 (CT Image IOD), C.8.2.1 (CT Image), C.12.4 (source images); code from PS3.16 CID 7202. What all slices
 * share is in `ctSeriesAttributes.ts`. Conventions: HU are rounded to integers and stored as signed 16-bit with slope 1 and
 * intercept 0, so that the stored value is the HU whatever a reader does with the rescale.
 */
import type { Finding } from '../../shared/finding.ts';
import type { Volume } from '../../shared/volume.ts';
import { codeItem } from './codeItem.ts';
import { ctSeriesAttributes, ctSeriesUids, type DerivedCt } from './ctSeriesAttributes.ts';
import { encodePart10, type Attributes } from './encodePart10.ts';
import { pixelAttributes, planeAttributes, type EncodedInstance } from './imageAttributes.ts';
import { matchSourceSlices } from './matchSourceSlices.ts';
import { roundHu } from './roundHu.ts';
import type { SourceSlice } from './sourceSeries.ts';

export interface EncodedCtSeries {
  readonly seriesInstanceUid: string;
  /** One per slice, in the order of k. */
  readonly instances: readonly EncodedInstance[];
  /** The HU as written. */
  readonly written: Volume<Int16Array>;
  readonly findings: readonly Finding[];
}

/**
 * Encodes the series. Throws VOLUME_NOT_FINITE for HU that are no numbers, VOLUME_NOT_3D for a grid DICOM cannot express, and a RangeError
 * for UIDs that were made for another number of slices.
 */
export function encodeCtSeries(derived: DerivedCt): EncodedCtSeries {
  const { volume, source } = derived;
  const { hu, findings } = roundHu(volume);
  const slices = hu.grid.size[2];
  const uids = derived.uids ?? ctSeriesUids(source, slices, derived.createUid);
  if (uids.sopInstanceUids.length !== slices)
    throw new RangeError(`${uids.sopInstanceUids.length} UIDs do not fit ${slices} slices.`);
  const common = ctSeriesAttributes(derived, uids);
  const sourceSlices = source ? matchSourceSlices(hu.grid, source) : undefined;
  const instances = Array.from({ length: slices }, (_, k): EncodedInstance => {
    const sopInstanceUid = uids.sopInstanceUids[k] ?? '';
    const attributes = {
      ...common,
      ...(sourceSlices ? sourceAttributes(sourceSlices.slices[k] ?? [], sourceSlices.sameGrid) : {}),
      SOPInstanceUID: sopInstanceUid,
      ...planeAttributes(hu.grid, k),
      ...pixelAttributes(hu, k),
    };
    return {
      name: `CT_${String(k + 1).padStart(4, '0')}.dcm`,
      bytes: encodePart10(attributes),
      sopInstanceUid,
    };
  });
  return { seriesInstanceUid: uids.seriesInstanceUid, instances, written: hu, findings };
}

/** One item per instance; of a multi-frame one, the frames (PS3.3 C.7.6.16.2.1: all of them where none is named). */
function sourceAttributes(slices: readonly SourceSlice[], sameGrid: boolean): Attributes {
  const instances = new Map<string, SourceSlice[]>();
  for (const slice of slices)
    if (slice.sopClassUid !== '' && slice.sopInstanceUid !== '')
      instances.set(slice.sopInstanceUid, [...(instances.get(slice.sopInstanceUid) ?? []), slice]);
  const references = [...instances].map(([sopInstanceUid, frames]): Attributes => {
    const numbers = frames.flatMap(({ frameNumber }) => frameNumber ?? []);
    return {
      ReferencedSOPClassUID: frames[0]?.sopClassUid ?? '',
      ReferencedSOPInstanceUID: sopInstanceUid,
      ...(numbers.length > 0 ? { ReferencedFrameNumber: numbers } : {}),
      PurposeOfReferenceCodeSequence: [
        codeItem('121322', 'DCM', 'Source image for image processing operation'),
      ],
      SpatialLocationsPreserved: sameGrid ? 'YES' : 'NO',
    };
  });
  return references.length === 0 ? {} : { SourceImageSequence: references };
}
