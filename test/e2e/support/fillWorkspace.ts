/**
 * Fills the workspace that tests copy, through the application's own routes: a phantom study with an sCT of the bundled model, and a
 * phantom cohort with a short real training. Made once per run of the tests, by the first that needs it.
 */
import { rename, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import type { ImportResult } from '../../../src-main/api/contract/jobs.ts';
import type { ModelSummary } from '../../../src-main/api/contract/models.ts';
import { preparedWorkspace } from './places.ts';
import { ServedApp } from './servedApp.ts';
import { shortTraining } from './shortTraining.ts';

export async function fillWorkspace(): Promise<void> {
  if (existsSync(preparedWorkspace)) return;
  const unfinished = `${preparedWorkspace}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  const served = await ServedApp.start(unfinished);
  try {
    const study = await served.work<ImportResult>({ kind: 'phantom-study', seed: 1 });
    const caseId = study.cases[0]?.caseId ?? '';
    const models = await served.get<ModelSummary[]>('models');
    const modelId = models.find(({ origin }) => origin === 'bundled')?.modelId ?? '';
    await served.work({ kind: 'generate', caseId, modelId, device: 'cpu' });
    await served.work({ kind: 'phantom-cohort', cases: 4 });
    await served.work({ kind: 'train', ...shortTraining });
  } finally {
    await served.close();
  }
  await rename(unfinished, preparedWorkspace);
}
