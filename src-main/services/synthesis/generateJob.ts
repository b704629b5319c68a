/**
 * Job `generate`: a case's MR through a model into `cases/<caseId>/scts/<sctId>`, complete or not there at all. Slices can be looked at as
 * they are finished (see `finishedSlices.ts`); the event `data` names each.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeNifti } from '../../formats/nifti/writeNifti.ts';
import { overrideReasonSchema } from '../../workflows/gate/gateReport.ts';
import { writeRecord } from '../../workflows/files/record.ts';
import { stageFolder } from '../../workflows/files/stageFolder.ts';
import { readModel } from '../../workflows/model/readModel.ts';
import { appendAudit } from '../audit/auditLog.ts';
import type { JobRunner } from '../jobs/jobRunner.ts';
import { openSctComparer } from '../library/sctComparison.ts';
import { sctDirectory, sctIdSchema, sctRecordSchema } from '../library/sctRecord.ts';
import { imageKey } from '../workspace/imageKey.ts';
import { openWorkspace } from '../workspace/openWorkspace.ts';
import { writeFinishedSlice } from './finishedSlices.ts';
import { generateEntry, inputHashes } from './generateEntry.ts';
import { openModel } from './openModel.ts';
import { reportFindings } from './reportFindings.ts';
import { synthesizeBehindGate } from './synthesizeBehindGate.ts';

const paramsSchema = z.object({
  workspace: z.string(),
  caseId: z.string(),
  sctId: sctIdSchema,
  modelId: z.string(),
  modelPath: z.string(),
  device: z.string().default('auto'),
  /** Where finished slices go while the job runs. */
  scratch: z.string(),
  /** Why to go on where the gate stops. */
  override: overrideReasonSchema.optional(),
});

/** Resolves with `{ caseId, sctId }`. Throws GATE_STOPPED, what the case, the model and the device throw; AbortError when stopped, leaving nothing. */
export const generateJob: JobRunner = async (params, context) => {
  const {
    workspace: directory,
    caseId,
    sctId,
    modelId,
    modelPath,
    device,
    scratch,
    override,
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
    const inputs = await inputHashes(workspace, caseId);
    const { sct, gate, findings } = await synthesizeBehindGate(mr, opened.model, stored.card, {
      name: caseId,
      audit: { workspace, subject: caseId, inputs },
      ...(override === undefined ? {} : { override }),
      ...(record.mr?.source ? { source: record.mr.source } : {}),
      signal,
      ...(mask ? { mask } : {}),
      onSlice: async (slice) => {
        await writeFinishedSlice(scratch, slice);
        onEvent({ type: 'data', data: { slice: slice.slice, total: slice.total } });
      },
      onProgress: (progress) => onEvent({ type: 'progress', ...progress }),
    });
    reportFindings(findings, context);
    const comparison = (await openSctComparer(workspace, record))(sct);
    const madeFrom = imageKey(record, 'mr');
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
        ...(madeFrom === undefined ? {} : { madeFrom }),
        ...comparison,
        findings: findings.map((finding) => ({ ...finding, details: { ...finding.details } })),
        gate,
      });
    });
    await appendAudit(workspace, await generateEntry(workspace, caseId, sctId, inputs));
    return { caseId, sctId };
  } finally {
    await opened.model.dispose();
  }
};
