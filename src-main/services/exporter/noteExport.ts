import { join } from 'node:path';
import { z } from 'zod';
import { fileHash } from '../../workflows/files/fileHash.ts';
import { readRecord, writeRecord } from '../../workflows/files/record.ts';
import { appendAudit } from '../audit/auditLog.ts';
import { readSct } from '../library/readSct.ts';
import { idOfSeries, sctDirectory, sctRecordSchema } from '../library/sctRecord.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';
import { receiptPath } from './freeExportPath.ts';

const receiptSchema = z.object({
  format: z.string(),
  receipt: z.object({
    grid: z.string(),
    files: z.number(),
    seriesInstanceUid: z.string().nullable(),
    structureSets: z.array(z.unknown()),
  }),
});

/**
 * Notes an export to `out` from its receipt: in the sCT's record the series it is (should it come back), in the audit log its line, by
 * `append`. Throws SCT_NOT_FOUND, FILE_NOT_FOUND, RECORD_INVALID and what `append` throws.
 */
export async function noteExport(
  workspace: Workspace,
  { caseId, sctId, out }: { readonly caseId: string; readonly sctId: string; readonly out: string },
  append: typeof appendAudit = appendAudit,
): Promise<void> {
  const sct = await readSct(workspace, caseId, sctId);
  const folder = sctDirectory(workspace, caseId, sctId);
  const { format, receipt } = await readRecord(receiptPath(out), receiptSchema);
  const { seriesInstanceUid, grid, files, structureSets } = receipt;
  const [id, known] = [seriesInstanceUid === null ? null : idOfSeries(seriesInstanceUid), sct.exported ?? []];
  if (id !== null && !known.includes(id)) {
    await writeRecord(join(folder, 'sct.json'), sctRecordSchema, { ...sct, exported: [...known, id] });
  }
  const { name, version, weightHash } = sct.model;
  await append(workspace, {
    action: 'export',
    subject: caseId,
    model: { name, version, weightHash },
    inputs: { sct: await fileHash(join(folder, 'sct.nii')) },
    outputs: { receipt: await fileHash(receiptPath(out)) },
    details: {
      sct: sctId,
      format,
      grid,
      files,
      series: seriesInstanceUid ?? '',
      structureSets: structureSets.length,
      overridden: typeof sct.gate?.override === 'string',
    },
  });
}
