/** Job `weight-map`: the command line's way to check the meta step against any other implementation. */
import { z } from 'zod';
import { executorKinds, openExecutor } from '../../tensor/executors/openExecutor.ts';
import { weightMap } from '../../workflows/weightMap/weightMap.ts';
import type { JobRunner } from '../jobs/jobRunner.ts';

const paramsSchema = z.object({
  generator: z.string(),
  batch: z.string(),
  out: z.string(),
  device: z.string().default('auto'),
  executor: z.enum(executorKinds).default('onnx'),
});

/** Resolves with the file written and the validation loss. */
export const weightMapJob: JobRunner = async (params, { onEvent }) => {
  const { generator, batch, out, device, executor } = paramsSchema.parse(params);
  const opened = await openExecutor({ executor, device });
  try {
    const { validationLoss } = await weightMap({ generator, batch, out }, opened.executor);
    for (const message of opened.notes) onEvent({ type: 'log', level: 'info', message });
    return { out, validationLoss, executor: opened.executor.name };
  } finally {
    await opened.executor.dispose();
  }
};
