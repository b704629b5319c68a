/** Job `retrieve`: fetches studies or series of a node into a folder of the job's own and imports them like dropped files. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { ImportResult } from '../../api/contract/jobs.ts';
import { appendAudit } from '../audit/auditLog.ts';
import { importPaths } from '../importer/importPaths.ts';
import { importResult } from '../importer/importResult.ts';
import type { JobRunner } from '../jobs/jobRunner.ts';
import { openWorkspace } from '../workspace/openWorkspace.ts';
import { openPacsClient } from './openPacsClient.ts';
import { openedNodeSchema } from './openedNode.ts';

export const retrieveTargetSchema = z.strictObject({
  studyInstanceUid: z.string().min(1).max(64),
  seriesInstanceUid: z.string().min(1).max(64).exactOptional(),
});

const paramsSchema = z.object({
  ...openedNodeSchema.shape,
  workspace: z.string(),
  targets: z.array(retrieveTargetSchema).min(1),
  /** Where received files are kept until they are imported; absent: a temporary folder. */
  scratch: z.string().optional(),
});

/** Resolves with an ImportResult. Throws what `PacsClient.retrieve` and the workspace throw; AbortError when stopped. */
export const retrieveJob: JobRunner = async (params, { onEvent, signal }): Promise<ImportResult> => {
  const { node, local, secret, workspace: directory, targets, scratch: given } = paramsSchema.parse(params);
  const scratch = given ?? (await mkdtemp(join(tmpdir(), 'ilium-retrieve-')));
  const client = await openPacsClient(node, local, secret);
  let files = 0;
  try {
    for (const [at, target] of targets.entries()) {
      const folder = join(scratch, String(at + 1));
      await mkdir(folder, { recursive: true });
      files += await client.retrieve(target, folder, {
        signal,
        onProgress: (progress) => onEvent({ type: 'progress', ...progress }),
      });
    }
    const workspace = await openWorkspace(directory);
    await appendAudit(workspace, {
      action: 'receive',
      subject: '',
      details: { node: node.name, files, studies: targets.length },
    });
    const report = await importPaths([scratch], workspace, {
      signal,
      onProgress: (progress) => onEvent({ type: 'progress', ...progress }),
    });
    return importResult(report, scratch);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
};
