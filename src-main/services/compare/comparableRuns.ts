/** What one must know of a run before it is compared: how far it is, and which cases it has seen. */
import type { ComparableRun } from '../../api/contract/comparison.ts';
import { fileExists } from '../../workflows/files/fileExists.ts';
import { readRecord } from '../../workflows/files/record.ts';
import { runRecordSchema } from '../../workflows/train/runFolder.ts';
import { requireRun } from '../training/requireRun.ts';
import type { RunLibrary } from '../training/runLibrary.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';

/** Every run that can be read, the newest first. */
export async function comparableRuns(
  workspace: Workspace,
  runs: Pick<RunLibrary, 'list'>,
): Promise<ComparableRun[]> {
  const readable = (await runs.list()).filter(({ status }) => status !== 'broken');
  return Promise.all(
    readable.map(async (summary): Promise<ComparableRun> => {
      const { record, checkpoint } = await requireRun(workspace, summary.run);
      const { config, cases } = await readRecord(record, runRecordSchema);
      return {
        ...summary,
        seed: config.seed,
        features: config.features,
        hasGenerator: await fileExists(checkpoint),
        seen: {
          train: cases.train.map(({ caseId }) => caseId),
          meta: cases.meta.map(({ caseId }) => caseId),
        },
      };
    }),
  );
}
