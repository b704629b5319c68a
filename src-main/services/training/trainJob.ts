/** Job `train`: prepares the workspace's cohort as a run and trains it, or goes on with a run that was stopped or killed. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../shared/appError.ts';
import type { JobContext } from '../../shared/jobEvent.ts';
import { featureSources } from '../../shared/trainingMethods.ts';
import { openExecutor } from '../../tensor/executors/openExecutor.ts';
import { fileExists } from '../../workflows/files/fileExists.ts';
import { readRecord } from '../../workflows/files/record.ts';
import { readVolumeFile } from '../../workflows/files/volumeFile.ts';
import { isSettings } from '../../workflows/train/mergeSettings.ts';
import { checkStudies, prepareRun, type TrainingStudy } from '../../workflows/train/prepareRun.ts';
import { runRecordSchema } from '../../workflows/train/runFolder.ts';
import { runTraining } from '../../workflows/train/runTraining.ts';
import { makeTrainingConfig, type TrainingConfig } from '../../workflows/train/trainingConfig.ts';
import { appendAudit } from '../audit/auditLog.ts';
import type { JobRunner } from '../jobs/jobRunner.ts';
import { featureWeights } from './featureWeights.ts';
import { requireRun } from './requireRun.ts';
import { lockRun } from './runLock.ts';
import { requireSameNetworks, usedNetworks } from './usedNetworks.ts';
import { openWorkspace, type Workspace } from '../workspace/openWorkspace.ts';

const paramsSchema = z.object({
  workspace: z.string(),
  method: z.string().optional(),
  preset: z.string().default('paper'),
  /** JSON file with settings that differ from the preset. */
  config: z.string().optional(),
  /** The same settings, given as they are. */
  differences: z.record(z.string(), z.unknown()).optional(),
  epochs: z.number().int().positive().optional(),
  /** Instead of the configuration's: networks of the feature losses. */
  features: z.enum(featureSources).optional(),
  device: z.string().default('auto'),
  threads: z.number().int().positive().optional(),
  resume: z.string().optional(),
});
type Params = z.infer<typeof paramsSchema>;

/** Resolves with the run's name, folder and how it ended. */
export const trainJob: JobRunner = async (params, context) => {
  const parsed = paramsSchema.parse(params);
  const workspace = await openWorkspace(parsed.workspace);
  const { threads, device, resume } = parsed;
  const opened = await openExecutor({ executor: 'onnx', device, ...(threads ? { threads } : {}) });
  try {
    const runId = resume ?? (await newRun(workspace, parsed, context));
    const { folder, record } = await requireRun(workspace, runId);
    // Not before: a cohort or a configuration that cannot be used should be all that is said.
    for (const message of opened.notes) context.onEvent({ type: 'log', level: 'info', message });
    context.onEvent({ type: 'log', level: 'info', message: `Run ${runId}`, data: { run: runId } });
    const prepared = await readRecord(record, runRecordSchema);
    const { config, dataFingerprint } = prepared;
    await requireSameNetworks(prepared);
    const features = await featureWeights(config);
    const unlock = await lockRun(folder, runId);
    const outcome = await runTraining(folder, opened.executor, context, features).finally(unlock);
    await appendAudit(workspace, {
      action: 'train',
      subject: runId,
      inputs: { slices: dataFingerprint },
      details: { method: config.method, status: outcome.status, step: outcome.step },
    });
    if (outcome.status === 'stopped') {
      const message = `Stopped after step ${outcome.step} of ${outcome.totalSteps}; go on with: ilium train --resume ${runId}`;
      context.onEvent({ type: 'log', level: 'info', message });
    }
    return { run: runId, folder, device: opened.chosen, ...outcome };
  } finally {
    await opened.executor.dispose();
  }
};

async function newRun(workspace: Workspace, params: Params, context: JobContext): Promise<string> {
  const config = await configOf(params);
  const studies = (await workspace.listCohortStudies()).flatMap(
    ({ caseId, role, mrPath, ctPath, maskPath }): TrainingStudy[] => {
      if (role !== 'train' && role !== 'meta') return [];
      const load = async () => {
        const { mr } = await workspace.readCase(caseId);
        return {
          mr: await readVolumeFile(mrPath),
          ct: await readVolumeFile(ctPath),
          ...(maskPath === undefined ? {} : { mask: await readVolumeFile(maskPath) }),
          ...(mr?.source ? { source: mr.source } : {}),
        };
      };
      return [{ caseId, role, load }];
    },
  );
  checkStudies(config, studies, workspace.cohortPath);
  // Before anything is prepared: a network that is not installed is a matter of minutes, the slices may be one of hours.
  const networks = await usedNetworks(config);
  const runId = await freeRunId(workspace, config.method);
  const folder = join(workspace.runsDirectory, runId);
  const { cohortPath } = workspace;
  await prepareRun({ folder, runId, config, studies, networks, cohortPath }, context);
  return runId;
}

async function configOf(params: Params): Promise<TrainingConfig> {
  const { method = 'meta', preset, config, differences = {}, epochs, features } = params;
  const asked = config === undefined ? differences : await readJson(config);
  const chosen = features === undefined || !isSettings(asked) ? asked : { ...asked, features };
  try {
    return makeTrainingConfig(method, preset, chosen, epochs);
  } catch (error) {
    if (config === undefined || !(error instanceof AppError)) throw error;
    const reason = `${config}: ${String(error.details['reason'])}`;
    throw new AppError(error.code, { reason }, { cause: error });
  }
}

async function readJson(path: string): Promise<unknown> {
  if (!(await fileExists(path))) throw new AppError('FILE_NOT_FOUND', { path });
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new AppError('CONFIG_INVALID', { reason: `${path} is not JSON: ${error.message}` });
    throw error;
  }
}

/** `<method>-<date>-<time>`, with a number behind it where that is taken. */
async function freeRunId(workspace: Workspace, method: string): Promise<string> {
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  for (let count = 1; ; count++) {
    const runId = count === 1 ? `${method}-${stamp}` : `${method}-${stamp}-${count}`;
    if (!(await fileExists(join(workspace.runsDirectory, runId)))) return runId;
  }
}
