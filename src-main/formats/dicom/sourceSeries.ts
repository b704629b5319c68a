/**
 * What is kept of a DICOM series beside its voxels: everything a derived series needs to stand next to it in a planning
 * system. This record is the only place where the patient's identity is held; nothing else copies from it.
 *
 * Source: DICOM PS3.3 C.7.1.1 (Patient), C.7.2.1 (General Study), C.7.3.1 (General Series), C.7.4.1 (Frame of Reference).
 * Conventions: attribute names as in the standard, texts decoded to Unicode, an absent or empty attribute is ''.
 * Positions in mm (LPS); slices in ascending order along the normal, which is the volume's k axis.
 */
import { z } from 'zod';
import { mrSequenceSchema } from './mrSequence.ts';

const text = z.string();
const number = z.number();

export const patientModuleSchema = z.object({
  patientName: text,
  patientId: text,
  issuerOfPatientId: text,
  patientBirthDate: text,
  patientSex: text,
  patientAge: text,
  patientWeight: text,
});

export const studyModuleSchema = z.object({
  studyInstanceUid: text,
  studyDate: text,
  studyTime: text,
  studyId: text,
  accessionNumber: text,
  referringPhysicianName: text,
  studyDescription: text,
});

export const sourceSliceSchema = z.object({
  sopClassUid: text,
  sopInstanceUid: text,
  /** Of a multi-frame instance, from 1 (ReferencedFrameNumber). */
  frameNumber: z.number().int().positive().optional(),
  imagePositionPatient: z.tuple([number, number, number]),
});

export const sourceSeriesSchema = z.object({
  modality: z.enum(['MR', 'CT']),
  patient: patientModuleSchema,
  study: studyModuleSchema,
  seriesInstanceUid: text,
  seriesNumber: text,
  seriesDescription: text,
  bodyPartExamined: text,
  manufacturer: text,
  frameOfReferenceUid: text,
  positionReferenceIndicator: text,
  patientPosition: text,
  /** Direction cosines of a row (+i), then of a column (+j). */
  imageOrientationPatient: z.tuple([number, number, number, number, number, number]),
  /** Voxel spacing along i, j, k in mm (PixelSpacing is the other way round: row spacing is j). */
  spacingMm: z.tuple([number, number, number]),
  rows: z.number().int().positive(),
  columns: z.number().int().positive(),
  /** MR alone; records of before it was kept lack it. */
  mrSequence: mrSequenceSchema.exactOptional(),
  /** Steps between the acquired slices (`slices`, mm) where they were uneven and the volume was resampled to even ones. */
  evened: z.object({ smallestMm: number, largestMm: number }).optional(),
  slices: z.array(sourceSliceSchema).min(1),
});

export type PatientModule = z.infer<typeof patientModuleSchema>;
export type StudyModule = z.infer<typeof studyModuleSchema>;
export type SourceSlice = z.infer<typeof sourceSliceSchema>;
export type SourceSeries = z.infer<typeof sourceSeriesSchema>;
