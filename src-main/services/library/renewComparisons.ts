import { join } from 'node:path';
import { AppError } from '../../shared/appError.ts';
import { writeRecord } from '../../workflows/files/record.ts';
import { readVolumeFile } from '../../workflows/files/volumeFile.ts';
import { isOtherImage } from '../workspace/imageKey.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';
import { listScts } from './listScts.ts';
import { openSctComparer } from './sctComparison.ts';
import { sctDirectory, sctRecordSchema } from './sctRecord.ts';

/**
 * Measures the sCTs of a case again, whose CT is another or lies elsewhere now. What cannot be read or written keeps its old figures, which are
 * not shown any more: the case itself has changed by then, and that stands.
 */
export async function renewComparisons(workspace: Workspace, caseId: string): Promise<void> {
  const record = await workspace.readCase(caseId);
  let compare: Awaited<ReturnType<typeof openSctComparer>> | undefined;
  for (const { comparedWith: _, ...sct } of await listScts(workspace, caseId)) {
    if (isOtherImage(sct.madeFrom, record, 'mr')) continue;
    const folder = sctDirectory(workspace, caseId, sct.sctId);
    try {
      compare ??= await openSctComparer(workspace, record);
      const compared = compare(await readVolumeFile(join(folder, 'sct.nii')));
      await writeRecord(join(folder, 'sct.json'), sctRecordSchema, { ...sct, ...compared });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
  }
}
