import { join } from 'node:path';
import { writeRecord } from '../../workflows/files/record.ts';
import { readVolumeFile } from '../../workflows/files/volumeFile.ts';
import { isOtherImage } from '../workspace/imageKey.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';
import { listScts } from './listScts.ts';
import { compareSct } from './sctComparison.ts';
import { sctDirectory, sctRecordSchema } from './sctRecord.ts';

/** Measures the sCTs of a case again, whose CT is another or lies elsewhere now; those of another MR are left alone. Throws read and write errors. */
export async function renewComparisons(workspace: Workspace, caseId: string): Promise<void> {
  const record = await workspace.readCase(caseId);
  for (const sct of await listScts(workspace, caseId)) {
    if (isOtherImage(sct.madeFrom, record, 'mr')) continue;
    const folder = sctDirectory(workspace, caseId, sct.sctId);
    const { comparedWith: _, ...kept } = sct;
    const compared = await compareSct(workspace, record, await readVolumeFile(join(folder, 'sct.nii')));
    await writeRecord(join(folder, 'sct.json'), sctRecordSchema, { ...kept, ...compared });
  }
}
