/** What `ilium demo --json` prints: paths are absolute, times in seconds. */
import type { EvaluationReport } from '../../workflows/evaluate/evaluationReport.ts';
import type { WeightAlignment } from '../../workflows/phantom/weightAlignment.ts';
import type { ReferencePoints } from './referencePoints.ts';

export interface DemoResult {
  readonly workspace: string;
  /** The phantom cohort with its truth. */
  readonly phantom: string;
  readonly run: string;
  readonly model: string;
  readonly device: string;
  /** The patient that was synthesized, whom training never saw. */
  readonly heldOut: string;
  /** The synthetic CT as DICOM series. */
  readonly dicomDirectory: string;
  readonly montage: string;
  readonly report: string;
  readonly metrics: EvaluationReport;
  readonly baselines: ReferencePoints;
  /** Probability that a pixel whose CT is right weighs more than one whose CT is wrong. */
  readonly weightAlignmentAuc: number | null;
  /** Over all pixels inside the skin, and over those near CT edges alone. */
  readonly weightAlignment: WeightAlignment & { readonly nearEdges: WeightAlignment };
  readonly seconds: number;
  readonly stepSeconds: Readonly<Record<string, number>>;
  readonly peakMemoryMiB: number;
}
