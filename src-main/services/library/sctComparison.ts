/** What an sCT's record says of its difference to the case's CT, and which CT that was. */
import { bodyMask } from '../../imaging/mask/bodyMask.ts';
import type { Volume } from '../../shared/volume.ts';
import { compareWithCt, type CtComparison } from '../../workflows/evaluate/compareWithCt.ts';
import type { CaseRecord } from '../workspace/caseRecord.ts';
import { imageKey } from '../workspace/imageKey.ts';
import { isRegistered } from '../workspace/isRegistered.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';

export interface SctComparison extends CtComparison {
  /** Of the CT, as it lay. */
  readonly comparedWith?: string;
}

/** Measures sCTs of a case inside the body; nulls where it has no CT, or one that does not lie in the MR's space. Throws what reading throws. */
export async function openSctComparer(
  workspace: Workspace,
  record: CaseRecord,
): Promise<(sct: Volume) => SctComparison> {
  if (!record.ct || !isRegistered(record)) return () => ({ maeHu: null, boneDice250: null });
  const { caseId, mask } = record;
  const ct = await workspace.readVolume(caseId, 'ct');
  const body = mask
    ? await workspace.readVolume(caseId, 'mask')
    : bodyMask(await workspace.readVolume(caseId, 'mr'), { dilationMm: 0, subject: caseId });
  const comparedWith = imageKey(record, 'ct');
  return (sct) => ({
    ...compareWithCt(ct, sct, body),
    ...(comparedWith === undefined ? {} : { comparedWith }),
  });
}
