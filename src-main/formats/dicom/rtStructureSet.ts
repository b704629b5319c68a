/**
 * What is kept of an RT Structure Set: its regions of interest with their contours, digit by digit as the file has them, so that they can
 * be written again exactly. Nothing of the patient is in it: that stands with the images.
 *
 * Source: DICOM PS3.3 C.8.8.5 (Structure Set), C.8.8.6 (ROI Contour), C.8.8.8 (RT ROI Observations). Points in mm (LPS).
 */
import { z } from 'zod';

const text = z.string();
const colourPart = z.int().min(0).max(255);

export const rtContourSchema = z.object({
  /** CLOSED_PLANAR, CLOSEDPLANAR_XOR, OPEN_PLANAR, OPEN_NONPLANAR, POINT. */
  geometricType: text,
  /** Decimal strings x\y\z\x\y\z… as in the file. */
  points: text,
});

export const rtRoiSchema = z.object({
  number: z.int(),
  name: text,
  /** Red, green, blue; absent where the file names none. */
  colour: z.tuple([colourPart, colourPart, colourPart]).exactOptional(),
  generationAlgorithm: text,
  /** ORGAN, PTV, EXTERNAL …; '' where the file does not say. */
  interpretedType: text,
  frameOfReferenceUid: text,
  contours: z.array(rtContourSchema),
});

export const rtStructureSetSchema = z.object({
  sopInstanceUid: text,
  label: text,
  rois: z.array(rtRoiSchema),
});

export type RtContour = z.infer<typeof rtContourSchema>;
export type RtRoi = z.infer<typeof rtRoiSchema>;
export type RtStructureSet = z.infer<typeof rtStructureSetSchema>;

/** Whether a contour bounds an area; the others are points and lines. */
export function boundsArea({ geometricType }: RtContour): boolean {
  return geometricType === 'CLOSED_PLANAR' || geometricType === 'CLOSEDPLANAR_XOR';
}

/** The points of a contour as numbers: x, y, z of the first, then of the next (mm, LPS). */
export function contourPoints({ points }: RtContour): Float64Array {
  return points === '' ? new Float64Array(0) : Float64Array.from(points.split('\\'), Number);
}
