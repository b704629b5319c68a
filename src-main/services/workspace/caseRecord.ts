/**
 * `cases/<caseId>/case.json`: what is known of one patient's images beside their voxels. The only file of a workspace that may hold
 * a patient's identity (`label`, `source`); case ids and everything else must not.
 */
import { z } from 'zod';
import { sourceSeriesSchema } from '../../formats/dicom/sourceSeries.ts';
import { findingSchema } from '../findings/findingSchema.ts';

/** The images a case may have; each is `<kind>.nii` in the case's folder. */
export const caseVolumeNames = ['mr', 'ct', 'mask'] as const;
export type CaseVolumeName = (typeof caseVolumeNames)[number];

/** Letters, digits, dot, dash and underscore: a folder name everywhere, and never a way out of the workspace. */
export const caseIdSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'not a case id');

const fileName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'not a plain file name');

export const registrationIdSchema = z.string().regex(/^reg-[A-Za-z0-9-]{1,60}$/, 'not a registration id');

const caseImageSchema = z.object({
  /** In the case's folder. */
  file: fileName,
  /** SHA-256 of the file as it was imported; records of before it was kept lack it. */
  hash: z.string().exactOptional(),
  kind: z.enum(['dicom', 'nifti', 'metaimage']),
  /** The series (number and description) or file it came from, for people. */
  name: z.string(),
  /** DICOM only. */
  source: sourceSeriesSchema.optional(),
  /** What its import found odd about it (`subject`: its name); records of before it was kept lack it. */
  findings: z.array(findingSchema).exactOptional(),
});

export const caseRecordSchema = z.object({
  schemaVersion: z.literal(1),
  caseId: caseIdSchema,
  /** What people call the case: the PatientID of DICOM, else the case id. */
  label: z.string(),
  /** ISO 8601. */
  importedAt: z.iso.datetime(),
  /** SynthRAD's centre letter. */
  center: z.string().optional(),
  mr: caseImageSchema.optional(),
  /** Where it was registered, `file` holds it as registered: the same voxels, placed in the MR's space. */
  ct: caseImageSchema.optional(),
  /** The registration in use, and the CT's file as it was imported. */
  registration: z.object({ id: registrationIdSchema, importedCt: fileName }).optional(),
  mask: z.object({ file: fileName }).optional(),
  /** What the last import found odd about the case as a whole. */
  findings: z.array(findingSchema).exactOptional(),
});

export type CaseImage = z.infer<typeof caseImageSchema>;
export type CaseRecord = z.infer<typeof caseRecordSchema>;
