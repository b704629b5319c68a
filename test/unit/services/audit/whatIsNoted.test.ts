import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAudit } from '../../../../src-main/services/audit/auditLog.ts';
import { phantomStudyJob } from '../../../../src-main/services/demo/phantomStudyJob.ts';
import { createCaseTrash } from '../../../../src-main/services/library/caseTrash.ts';
import { openWorkspace, type Workspace } from '../../../../src-main/services/workspace/openWorkspace.ts';
import { fileHash } from '../../../../src-main/workflows/files/fileHash.ts';
import { testContext } from '../../../fixtures/tinyTraining.ts';

let workspace: Workspace;
beforeEach(async () => {
  workspace = await openWorkspace(mkdtempSync(join(tmpdir(), 'ilium-audit-')));
});
afterEach(() => rmSync(workspace.directory, { recursive: true, force: true }));

describe('what the audit log notes', () => {
  it('is an import by the hashes of its volumes, a deletion and its undo, and no identity', async () => {
    const params = { workspace: workspace.directory, seed: 3, sizePx: [48, 40], spacingMm: 8, slices: 4 };
    await phantomStudyJob({ ...params, sliceSpacingMm: 20 }, testContext());
    const [record] = await workspace.listCases();
    const { caseId, label, mr } = record!;
    const trash = createCaseTrash(workspace);
    await trash.discard(caseId);
    await trash.restore(caseId);
    const { entries, broken } = await readAudit(workspace);
    expect(broken).toBeUndefined();
    expect(entries.map(({ action, subject }) => [action, subject])).toEqual([
      ['import', caseId],
      ['delete', caseId],
      ['restore', caseId],
    ]);
    expect(entries[0]!.outputs).toEqual({
      mr: await fileHash(workspace.volumePath(caseId, 'mr')),
      ...(record!.ct ? { ct: await fileHash(workspace.volumePath(caseId, 'ct')) } : {}),
    });
    const { patientName, patientId } = mr!.source!.patient;
    const text = JSON.stringify(entries);
    for (const identity of [patientName, patientId, label])
      if (identity !== '' && identity !== caseId) expect(text).not.toContain(identity);
  });
});
