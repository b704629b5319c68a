/**
 * Job `generate`: a case's MR through a model into `cases/<caseId>/scts/<sctId>`, complete or not there at all. Slices can be looked at as
 * they are finished (see `finishedSlices.ts`); the event `data` names each.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeNifti } from '../../formats/nifti/writeNifti.ts';
import { bodyMask } from '../../imaging/mask/bodyMask.ts';
import type { Finding } from '../../shared/finding.ts';
import type { JobContext } from '../../shared/jobEvent.ts';
import { formatMessage } from '../../shared/messages.ts';
import type { Volume } from '../../shared/volume.ts';
import { compareWithCt, type CtComparison } from '../../workflows/evaluate/compareWithCt.ts';
import { writeRecord } from '../../workflows/files/record.ts';
import { stageFolder } from '../../workflows/files/stageFolder.ts';
import { readModel } from '../../workflows/model/readModel.ts';
import { synthesizeVolume } from '../../workflows/synthesize/synthesizeVolume.ts';
import type { JobRunner } from '../jobs/jobRunner.ts';
import { sctDirectory, sctIdSchema, sctRecordSchema } from '../library/sctRecord.ts';
import { openWorkspace, type Workspace } from '../workspace/openWorkspace.ts';
import { writeFinishedSlice } from './finishedSlices.ts';
import { openModel } from './openModel.ts';

const paramsSchema = z.object({
  workspace: z.string(),
  caseId: z.string(),
  sctId: sctIdSchema,
  modelId: z.string(),
  modelPath: z.string(),
  device: z.string().default('auto'),
  /** Where finished slices go while the job runs. */
  scratch: z.string(),
});

/** Resolves with `{ caseId, sctId }`. Throws what the case, the model and the device throw; AbortError when stopped, leaving nothing. */
export const generateJob: JobRunner = async (params, context) => {
  const {
    workspace: directory,
    caseId,
    sctId,
    modelId,
    modelPath,
    device,
    scratch,
  } = paramsSchema.parse(params);
  const { onEvent, signal } = context;
  const startedAt = performance.now();
  const workspace = await openWorkspace(directory);
  const record = await workspace.readCase(caseId);
  const mr = await workspace.readVolume(caseId, 'mr');
  const mask = record.mask ? await workspace.readVolume(caseId, 'mask') : undefined;
  const stored = await readModel(modelPath);
  const opened = await openModel(stored, modelId, device);
  for (const message of opened.notes) onEvent({ type: 'log', level: 'info', message });
  try {
    const { sct, findings } = await synthesizeVolume(mr, opened.model, stored.card, {
      subject: caseId,
      signal,
      ...(mask ? { mask } : {}),
      onSlice: async (slice) => {
        await writeFinishedSlice(scratch, slice);
        onEvent({ type: 'data', data: { slice: slice.slice, total: slice.total } });
      },
      onProgress: (progress) => onEvent({ type: 'progress', ...progress }),
    });
    report(findings, context);
    const comparison = record.ct
      ? await compare(workspace, caseId, sct, mask ?? bodyMask(mr, { dilationMm: 0, subject: caseId }))
      : { maeHu: null, boneDice250: null };
    signal.throwIfAborted();
    const { name, version, weightHash } = stored.card;
    await stageFolder(sctDirectory(workspace, caseId, sctId), async (folder) => {
      await writeFile(join(folder, 'sct.nii'), writeNifti(sct, { description: 'sCT, not for clinical use' }));
      await writeRecord(join(folder, 'sct.json'), sctRecordSchema, {
        schemaVersion: 1,
        sctId,
        createdAt: new Date().toISOString(),
        model: { modelId, name, version, weightHash },
        device: opened.device,
        seconds: Math.round((performance.now() - startedAt) / 100) / 10,
        ...comparison,
        findings: findings.map((finding) => ({ ...finding, details: { ...finding.details } })),
      });
    });
    return { caseId, sctId };
  } finally {
    await opened.model.dispose();
  }
};

async function compare(
  workspace: Workspace,
  caseId: string,
  sct: Volume,
  body: Volume,
): Promise<CtComparison> {
  return compareWithCt(await workspace.readVolume(caseId, 'ct'), sct, body);
}

function report(findings: readonly Finding[], { onEvent }: JobContext): void {
  for (const { code, severity, details } of findings)
    onEvent({
      type: 'log',
      level: severity === 'info' ? 'info' : 'warning',
      message: formatMessage(`findings.${code}`, details),
    });
}
