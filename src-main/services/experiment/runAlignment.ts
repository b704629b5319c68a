import { fileExists } from '../../workflows/files/fileExists.ts';
import type { RunAlignment } from '../../workflows/experiment/alignmentSection.ts';
import { readRecord } from '../../workflows/files/record.ts';
import { runRecordSchema, type RunPaths } from '../../workflows/train/runFolder.ts';
import type { DemoCase } from '../demo/demoCohort.ts';
import { judgeWeights } from '../demo/judgeWeights.ts';
import { alignmentOverEpochs } from './alignmentOverEpochs.ts';

/** What a run's weights know of the phantoms' misalignment; null for a run without weights. */
export async function runAlignment(
  paths: RunPaths,
  phantoms: readonly DemoCase[],
): Promise<RunAlignment | null> {
  const { runId, config } = await readRecord(paths.record, runRecordSchema);
  if (!config.parts.weights || phantoms.length === 0) return null;
  const judged = (await fileExists(paths.weights)) ? await judgeWeights(paths.folder, phantoms) : null;
  return {
    run: runId,
    epochs: await alignmentOverEpochs(paths, phantoms),
    overall: judged?.alignment ?? null,
  };
}
