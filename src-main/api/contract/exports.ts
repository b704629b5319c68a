/**
 * Exports of synthetic CTs: what will be written, what was.
 *
 * POST /api/cases/:case/scts/:sct/export-plan         ← { seriesDescription?, grid? } → ExportPlan: every identifier that will be written
 */
import type { GateBody } from './cases.ts';
import type { FindingBody } from './session.ts';

export interface ExportPlan {
  readonly planId: string;
  readonly directory: string;
  readonly files: number;
  /** What will be written, in the order of the dialog. */
  readonly identifiers: readonly {
    /** DICOM keyword. */
    readonly keyword: string;
    readonly tag: string;
    readonly value: string;
    /** `kept` from the MR, `new` made now, `fixed` by the standard or by Ilium. */
    readonly origin: 'kept' | 'new' | 'fixed';
  }[];
}

export interface ExportResult {
  readonly format: 'dicom' | 'nifti' | 'mha';
  /** Folder (dicom) or file. */
  readonly path: string;
  /** Only after reading back. */
  readonly receipt: {
    readonly files: number;
    readonly voxelsCompared: number;
    readonly studyInstanceUid: string | null;
    readonly seriesInstanceUid: string | null;
    readonly frameOfReferenceUid: string | null;
    /** One per file, in slice order. */
    readonly sopInstanceUids: readonly string[];
    /** Structure sets that were written again for the series, in its folder. */
    readonly structureSets: readonly {
      readonly file: string;
      readonly label: string;
      readonly seriesInstanceUid: string;
      readonly sopInstanceUid: string;
      readonly predecessorUid: string;
      readonly regions: number;
      readonly contours: number;
    }[];
    /** The MR's own, or axial slices of 1 × 1 × 2.5 mm. */
    readonly grid: 'mr' | 'axial';
    /** Largest differences between what was meant and what was read back. */
    readonly maxValueDifference: number;
    readonly maxPlaceDifferenceMm: number;
    readonly modelName: string;
    readonly modelVersion: string;
    readonly weightHash: string;
    /** Null for sCTs of before there was a gate. */
    readonly gate: GateBody | null;
    readonly program: string;
    readonly findings: readonly FindingBody[];
  };
}
