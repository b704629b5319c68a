/** Job `send`: an exported series to a node; done when every image was acknowledged. */
import { basename } from 'node:path';
import { z } from 'zod';
import type { SendResult } from '../../api/contract/network.ts';
import { fileHash } from '../../workflows/files/fileHash.ts';
import { receiptPath } from '../exporter/freeExportPath.ts';
import type { JobRunner } from '../jobs/jobRunner.ts';
import { exportedSeries } from './exportedSeries.ts';
import { openPacsClient } from './openPacsClient.ts';
import { openedNodeSchema } from './openedNode.ts';
import { sendAndNote } from './sendAndNote.ts';

const paramsSchema = z.object({
  ...openedNodeSchema.shape,
  /** The exported folder, with its receipt beside it. */
  path: z.string(),
  /** Whose audit log is told of it. */
  workspace: z.string(),
});

/** Resolves with a SendResult. Throws what `exportedSeries` and `PacsClient.send` throw; AbortError when stopped. */
export const sendJob: JobRunner = async (params, { onEvent, signal }): Promise<SendResult> => {
  const { node, local, secret, path, workspace } = paramsSchema.parse(params);
  const files = await exportedSeries(path);
  const client = await openPacsClient(node, local, secret);
  await sendAndNote(
    {
      ...{ node: node.name, client, files, workspace: { directory: workspace } },
      entry: { subject: basename(path), outputs: { receipt: await fileHash(receiptPath(path)) } },
    },
    { signal, onProgress: (progress) => onEvent({ type: 'progress', ...progress }) },
  );
  return { files: files.length, node: node.name };
};
