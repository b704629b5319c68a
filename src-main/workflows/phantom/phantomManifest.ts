/**
 * `phantom.json`: what a phantom cohort on disk is and where its truth lies. Paths are relative to the manifest's folder, with
 * forward slashes.
 */
import { z } from 'zod';

const count = z.number().int().positive();

export const phantomManifestSchema = z.object({
  schemaVersion: z.literal(1),
  kind: z.literal('ilium-phantom'),
  /** Raised whenever the same seed gives other images. */
  drawingVersion: z.literal(1),
  seed: z.number().int(),
  misalignMm: z.number().nonnegative(),
  alignedShare: z.number().min(0).max(1),
  /** How much contrast and noise of the MR differ between cases; absent where they do not. */
  variety: z.number().min(0).max(1).optional(),
  grid: z.object({
    sizePx: z.tuple([count, count]),
    spacingMm: z.number().positive(),
    slices: count,
    sliceSpacingMm: z.number().positive(),
  }),
  /** The segmented CT that the patients are made of; absent where they are drawn. */
  scan: z
    .object({
      sizePx: z.tuple([count, count, count]),
      /** Masks that were used. */
      masks: count,
      /** Which CT and masks: SHA-256 of their files (`loadSegmentedCt.ts`), never their names; absent in cohorts of before they were noted. */
      sha256: z.object({ ct: z.string(), labels: z.string() }).optional(),
    })
    .optional(),
  format: z.enum(['dicom', 'nifti']),
  /** The folder to import; the truth lies outside it. */
  images: z.string(),
  cases: z.array(
    z.object({
      label: z.string(),
      /** PatientID in DICOM, the case's folder in NIfTI. */
      patientId: z.string(),
      seed: z.number().int(),
      /** Largest displacement inside the body, mm. */
      misalignMm: z.number().nonnegative(),
      /** Whether the case is one of the well aligned ones. */
      aligned: z.boolean(),
      mr: z.string(),
      ct: z.string(),
      truth: z.object({
        /** HU on the anatomy of the MR. */
        ct: z.string(),
        /** x, y and z (LPS, mm) of the displacement: ct(p) = truth(p + displacement(p)). */
        displacement: z.tuple([z.string(), z.string(), z.string()]),
        labels: z.string(),
      }),
    }),
  ),
});

export type PhantomManifest = z.infer<typeof phantomManifestSchema>;
