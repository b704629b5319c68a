/** `cases/<caseId>/scts/<sctId>/sct.json`: how the synthetic CT beside it (`sct.nii`, HU on the MR's own grid) came about. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { gateOutcomeSchema } from '../../workflows/gate/gateReport.ts';
import { findingSchema } from '../findings/findingSchema.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';

/** `sct-…`, so that it is never the name of another volume of the case. */
export const sctIdSchema = z.string().regex(/^sct-[A-Za-z0-9-]{1,60}$/, 'not an sCT id');

export const sctRecordSchema = z.object({
  schemaVersion: z.literal(1),
  sctId: sctIdSchema,
  /** ISO 8601. */
  createdAt: z.iso.datetime(),
  model: z.object({ modelId: z.string(), name: z.string(), version: z.string(), weightHash: z.string() }),
  device: z.string(),
  /** Wall clock of the generation. */
  seconds: z.number().nonnegative(),
  /** The MR's key (`imageKey.ts`); sCTs of before it was kept lack it. */
  madeFrom: z.string().exactOptional(),
  /** Against the case's CT as it lay, inside the body; null without a CT in the MR's space. */
  maeHu: z.number().nullable(),
  boneDice250: z.number().nullable(),
  /** That CT's key. */
  comparedWith: z.string().exactOptional(),
  findings: z.array(findingSchema),
  /** The ids its exported series would have, came they back (`idOfSeries`): they are this sCT. */
  exported: z.array(sctIdSchema).exactOptional(),
  /** What the gate said; sCTs of before it was kept lack it. */
  gate: gateOutcomeSchema.exactOptional(),
});

export type SctRecord = z.infer<typeof sctRecordSchema>;

/** The id of an sCT that comes as a DICOM series: the same for the same series. */
export function idOfSeries(seriesInstanceUid: string): string {
  return `sct-series-${createHash('sha256').update(seriesInstanceUid).digest('hex').slice(0, 12)}`;
}

/** Where a case's synthetic CTs are, one folder each. */
export function sctsDirectory({ casesDirectory }: Workspace, caseId: string): string {
  return join(casesDirectory, caseId, 'scts');
}

/** The folder of one synthetic CT (to be); `sct.nii` and `sct.json` are in it. */
export function sctDirectory(workspace: Workspace, caseId: string, sctId: string): string {
  return join(sctsDirectory(workspace, caseId), sctId);
}
