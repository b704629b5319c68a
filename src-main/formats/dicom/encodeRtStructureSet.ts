/**
 * Writes a structure set again for a series that was derived from the images it was drawn on, in their patient space: the same regions
 * and contours, digit by digit, and every contour names the new image it lies on.
 *
 * Source: DICOM PS3.3 A.19 (RT Structure Set IOD), C.8.8.5 (Structure Set), C.8.8.6 (ROI Contour), C.8.8.8 (RT ROI Observations).
 * Implicit VR, since a contour may have more than 64 KiB of digits. A digit string longer than the 16 characters DICOM allows (some systems
 * write them) is rounded to those.
 */
import { applyAffine, invertAffine } from '../../shared/affine.ts';
import type { Grid } from '../../shared/volume.ts';
import { decimalString } from './decimalString.ts';
import { encodePart10, type Attributes } from './encodePart10.ts';
import { creationAttributes, patientAttributes, studyAttributes } from './imageAttributes.ts';
import { contourPoints, type RtContour, type RtRoi, type RtStructureSet } from './rtStructureSet.ts';
import { rtStructureSetStorage } from './sopClasses.ts';
import type { PatientModule, StudyModule } from './sourceSeries.ts';
import { implicitLittleEndian } from './transferSyntaxes.ts';

/** The series the contours are to lie on. */
export interface ContouredSeries {
  readonly patient: Partial<PatientModule>;
  readonly study: Partial<StudyModule> & Pick<StudyModule, 'studyInstanceUid'>;
  readonly seriesInstanceUid: string;
  readonly frameOfReferenceUid: string;
  readonly sopClassUid: string;
  /** One per slice, in the order of k of `grid`. */
  readonly sopInstanceUids: readonly string[];
  readonly grid: Grid;
}

export interface StructureSetIdentity {
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
  readonly seriesNumber: number;
  readonly createdAt: Date;
}

export interface EncodedStructureSet {
  readonly bytes: Uint8Array;
  /** Contours that lie on no image of the series, and so name none. */
  readonly withoutImage: number;
}

const detachedStudyManagement = '1.2.840.10008.3.1.2.3.1';
const longestDecimal = 16;
/** In slices: a contour this far from a slice, or leaning this much, is not on it. */
const halfSlice = 0.5;

/** The bytes of the file. */
export function encodeRtStructureSet(
  { label, rois, sopInstanceUid: predecessor }: RtStructureSet,
  series: ContouredSeries,
  identity: StructureSetIdentity,
): EncodedStructureSet {
  const created = creationAttributes(identity.createdAt);
  const { InstanceCreationDate: date = '', InstanceCreationTime: time = '' } = created;
  const imageOf = createImageFinder(series);
  let withoutImage = 0;
  const contour = (one: RtContour): Attributes => {
    const image = imageOf(one);
    if (!image) withoutImage++;
    const data = one.points.split('\\').map(withinLimit);
    return {
      ...(image ? { ContourImageSequence: [image] } : {}),
      ContourGeometricType: one.geometricType,
      NumberOfContourPoints: String(data.length / 3),
      ContourData: data,
    };
  };
  const attributes: Attributes = {
    SOPClassUID: rtStructureSetStorage,
    SOPInstanceUID: identity.sopInstanceUid,
    InstanceCreationDate: date,
    InstanceCreationTime: time,
    Modality: 'RTSTRUCT',
    Manufacturer: 'Ilium',
    ...patientAttributes(series.patient),
    ...studyAttributes(series.study),
    SeriesInstanceUID: identity.seriesInstanceUid,
    SeriesNumber: String(identity.seriesNumber),
    SeriesDescription: 'Structures on the sCT (Ilium)',
    OperatorsName: '',
    FrameOfReferenceUID: series.frameOfReferenceUid,
    PositionReferenceIndicator: '',
    InstanceNumber: '1',
    StructureSetLabel: label.slice(0, 16) || 'STRUCTURES',
    StructureSetDescription: 'Drawn on the MR, same contours on the synthetic CT',
    StructureSetDate: date,
    StructureSetTime: time,
    ...(predecessor === ''
      ? {}
      : {
          PredecessorStructureSetSequence: [
            { ReferencedSOPClassUID: rtStructureSetStorage, ReferencedSOPInstanceUID: predecessor },
          ],
        }),
    ReferencedFrameOfReferenceSequence: [frameReference(series)],
    StructureSetROISequence: rois.map((roi) => ({
      ROINumber: String(roi.number),
      ReferencedFrameOfReferenceUID: series.frameOfReferenceUid,
      ROIName: roi.name,
      ROIGenerationAlgorithm: roi.generationAlgorithm,
    })),
    ROIContourSequence: rois.map((roi) => ({
      ...(roi.colour ? { ROIDisplayColor: roi.colour.map(String) } : {}),
      ReferencedROINumber: String(roi.number),
      ...(roi.contours.length === 0 ? {} : { ContourSequence: roi.contours.map(contour) }),
    })),
    RTROIObservationsSequence: rois.map(observation),
  };
  return { bytes: encodePart10(attributes, implicitLittleEndian), withoutImage };
}

const observation = (roi: RtRoi, at: number): Attributes => ({
  ObservationNumber: String(at + 1),
  ReferencedROINumber: String(roi.number),
  RTROIInterpretedType: roi.interpretedType,
  ROIInterpreter: '',
});

function frameReference({ study, ...series }: ContouredSeries): Attributes {
  return {
    FrameOfReferenceUID: series.frameOfReferenceUid,
    RTReferencedStudySequence: [
      {
        ReferencedSOPClassUID: detachedStudyManagement,
        ReferencedSOPInstanceUID: study.studyInstanceUid,
        RTReferencedSeriesSequence: [
          {
            SeriesInstanceUID: series.seriesInstanceUid,
            ContourImageSequence: series.sopInstanceUids.map((uid) =>
              imageReference(series.sopClassUid, uid),
            ),
          },
        ],
      },
    ],
  };
}

const imageReference = (sopClassUid: string, sopInstanceUid: string): Attributes => ({
  ReferencedSOPClassUID: sopClassUid,
  ReferencedSOPInstanceUID: sopInstanceUid,
});

/** Finds the image a contour lies on: the nearest slice, where the whole contour is within half a slice of it. */
function createImageFinder(series: ContouredSeries): (contour: RtContour) => Attributes | undefined {
  const toIndex = invertAffine(series.grid.indexToLps);
  return (contour) => {
    const points = contourPoints(contour);
    const places: number[] = [];
    for (let at = 0; at + 2 < points.length; at += 3) {
      places.push(applyAffine(toIndex, [points[at] ?? NaN, points[at + 1] ?? NaN, points[at + 2] ?? NaN])[2]);
    }
    const middle = places.reduce((sum, place) => sum + place, 0) / places.length;
    const slice = Math.round(middle);
    const uid = series.sopInstanceUids[slice];
    const isOn = places.every((place) => Math.abs(place - slice) <= halfSlice + 1e-6);
    return uid !== undefined && isOn ? imageReference(series.sopClassUid, uid) : undefined;
  };
}

const withinLimit = (text: string): string =>
  text.length <= longestDecimal ? text : decimalString(Number(text));
