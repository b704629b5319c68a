/** What one must know of a run before it is compared: how far it is, and which cases it has seen. */
import type { ComparableRun } from '../../api/contract/comparison.ts';
import type { RunSummary } from '../../api/contract/training.ts';
import { fileExists } from '../../workflows/files/fileExists.ts';
import { readRecord } from '../../workflows/files/record.ts';
import { runRecordSchema } from '../../workflows/train/runFolder.ts';
import { trainedRoles } from '../../workflows/train/trainingRoles.ts';
import { requireRun } from '../training/requireRun.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';

/** Of the run that `summary` is of. Throws RUN_NOT_FOUND, RECORD_INVALID. */
export async function comparableRun(workspace: Workspace, summary: RunSummary): Promise<ComparableRun> {
  const { record, checkpoint } = await requireRun(workspace, summary.run);
  const { config, cases } = await readRecord(record, runRecordSchema);
  const idsOf = (role: keyof typeof cases): string[] => cases[role].map(({ caseId }) => caseId);
  return {
    ...summary,
    seed: config.seed,
    features: config.features,
    hasGenerator: await fileExists(checkpoint),
    seen: { train: idsOf('train'), meta: idsOf('meta') },
    trainedOn: trainedRoles(config).flatMap(idsOf),
  };
}
