/** Writes an evaluation as `report.json` (for programs) and `report.html` (for people). */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeRecord } from '../files/record.ts';
import { writeAtomically } from '../files/writeAtomically.ts';
import { evaluationReportSchema, type EvaluationReport } from './evaluationReport.ts';
import { formatReportHtml } from './formatReport.ts';

export interface ReportFiles {
  readonly json: string;
  readonly html: string;
}

/** Writes both files into `folder`, replacing older ones. Throws DISK_FULL or WRITE_FAILED; then neither is new. */
export async function writeReport(
  folder: string,
  report: EvaluationReport,
  image?: Uint8Array,
): Promise<ReportFiles> {
  const files: ReportFiles = { json: join(folder, 'report.json'), html: join(folder, 'report.html') };
  await writeRecord(files.json, evaluationReportSchema, report);
  try {
    await writeAtomically(files.html, formatReportHtml(report, image));
  } catch (error) {
    // Half a report, or one beside the other half of an older one, would mislead.
    await rm(files.json, { force: true });
    throw error;
  }
  return files;
}
