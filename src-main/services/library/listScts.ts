/** The synthetic CTs of a case, the newest first. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { SctSummary } from '../../api/contract/cases.ts';
import { AppError } from '../../shared/appError.ts';
import { readRecord } from '../../workflows/files/record.ts';
import { systemCode } from '../../workflows/files/toWriteError.ts';
import type { CaseRecord } from '../workspace/caseRecord.ts';
import { isOtherImage } from '../workspace/imageKey.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';
import { sctIdSchema, sctRecordSchema, sctsDirectory, type SctRecord } from './sctRecord.ts';

/** Records that cannot be read are left out: their voxels stay on disk, but nothing says what they are. */
export async function listScts(workspace: Workspace, caseId: string): Promise<SctRecord[]> {
  const folder = sctsDirectory(workspace, caseId);
  const records: SctRecord[] = [];
  for (const name of await entriesOf(folder)) {
    if (!sctIdSchema.safeParse(name).success) continue;
    try {
      records.push(await readRecord(join(folder, name, 'sct.json'), sctRecordSchema));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
  }
  return records.sort((a, b) => b.createdAt.localeCompare(a.createdAt));
}

/** As its case is now: without the figures against a CT that is another, or lies elsewhere, by now. */
export function sctSummary(sct: SctRecord, record: CaseRecord): SctSummary {
  const { sctId, createdAt, model, seconds, maeHu, boneDice250, comparedWith } = sct;
  const { name: modelName, version: modelVersion, weightHash } = model;
  const figures = isOtherImage(comparedWith, record, 'ct')
    ? { maeHu: null, boneDice250: null }
    : { maeHu, boneDice250 };
  return { sctId, createdAt, modelName, modelVersion, weightHash, seconds, ...figures };
}

async function entriesOf(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}
