import { fileHash } from '../../workflows/files/fileHash.ts';
import type { ImportedCase } from '../importer/importReport.ts';
import { caseVolumeNames } from '../workspace/caseRecord.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';
import { appendAudit } from './auditLog.ts';

/** Notes what an import has stored: per case the hashes of its volumes. */
export async function auditImports(workspace: Workspace, cases: readonly ImportedCase[]): Promise<void> {
  for (const { caseId, isNew } of cases) {
    const record = await workspace.readCase(caseId);
    const outputs: Record<string, string> = {};
    for (const name of caseVolumeNames) {
      if (!record[name]) continue;
      const kept = name === 'mask' ? undefined : record[name].hash;
      outputs[name] = kept ?? (await fileHash(workspace.volumePath(caseId, name)));
    }
    await appendAudit(workspace, { action: 'import', subject: caseId, outputs, details: { isNew } });
  }
}
