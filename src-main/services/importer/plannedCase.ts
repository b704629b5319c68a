/** What an import means to do before any voxel is read: pure plans from headers and file names. */
import type { SourceSeries } from '../../formats/dicom/sourceSeries.ts';
import type { Finding } from '../../shared/finding.ts';
import type { Volume } from '../../shared/volume.ts';
import type { FileOutcome } from './importReport.ts';
import type { CaseImage, CaseVolumeName } from '../workspace/caseRecord.ts';

export interface LoadedImage {
  readonly volume: Volume;
  readonly source?: SourceSeries;
  readonly findings: readonly Finding[];
  /** Of files whose values, or whose damage, decided about them while the image was loaded. */
  readonly outcomes?: readonly FileOutcome[];
}

export interface PlannedImage {
  readonly kind: CaseImage['kind'];
  /** The series or file name, for people. */
  readonly name: string;
  /** Its files. */
  readonly paths: readonly string[];
  /** What is odd about its choice. */
  readonly findings?: readonly Finding[];
  load(): Promise<LoadedImage>;
}

export interface PlannedCase {
  readonly caseId: string;
  readonly label: string;
  readonly center?: string;
  readonly images: Readonly<Partial<Record<CaseVolumeName, PlannedImage>>>;
}

/** Files that are left out, with the reason. */
export interface LeftOut {
  readonly paths: readonly string[];
  readonly reason: Finding;
}

export interface ImportPlan {
  readonly cases: readonly PlannedCase[];
  readonly leftOut: readonly LeftOut[];
}
