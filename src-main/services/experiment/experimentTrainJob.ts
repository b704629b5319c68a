/** Job `experiment-train`: one run of an experiment, from wherever it is: not prepared, stopped, killed. */
import { join } from 'node:path';
import { z } from 'zod';
import { fileExists } from '../../workflows/files/fileExists.ts';
import { readVolumeFile } from '../../workflows/files/volumeFile.ts';
import { prepareRun, type TrainingStudy } from '../../workflows/train/prepareRun.ts';
import { runPaths } from '../../workflows/train/runFolder.ts';
import { trainingConfigSchema } from '../../workflows/train/trainingConfig.ts';
import type { JobRunner } from '../jobs/jobRunner.ts';
import { trainJob } from '../training/trainJob.ts';
import { usedNetworks } from '../training/usedNetworks.ts';
import { openWorkspace } from '../workspace/openWorkspace.ts';

const paramsSchema = z.object({
  workspace: z.string(),
  runId: z.string(),
  config: trainingConfigSchema,
  train: z.array(z.string()),
  meta: z.array(z.string()),
  device: z.string(),
});

/** Resolves with what the job `train` resolves with. */
export const experimentTrainJob: JobRunner = async (params, context) => {
  const { workspace: directory, runId, config, train, meta, device } = paramsSchema.parse(params);
  const workspace = await openWorkspace(directory);
  const folder = join(workspace.runsDirectory, runId);
  if (!(await fileExists(runPaths(folder).record))) {
    const studies = (await workspace.listCohortStudies()).flatMap(
      ({ caseId, mrPath, ctPath, maskPath }): TrainingStudy[] => {
        const role = train.includes(caseId) ? 'train' : meta.includes(caseId) ? 'meta' : null;
        if (role === null) return [];
        const load = async () => ({
          mr: await readVolumeFile(mrPath),
          ct: await readVolumeFile(ctPath),
          ...(maskPath === undefined ? {} : { mask: await readVolumeFile(maskPath) }),
        });
        return [{ caseId, role, load }];
      },
    );
    const networks = await usedNetworks(config);
    const { cohortPath } = workspace;
    await prepareRun({ folder, runId, config, studies, networks, cohortPath }, context);
  }
  return trainJob({ workspace: directory, resume: runId, device }, context);
};
