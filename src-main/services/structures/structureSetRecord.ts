/** `cases/<caseId>/structures/<structureSetId>.json`: an RT Structure Set that was drawn on the case's reference image, without the patient. */
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { rtStructureSetSchema } from '../../formats/dicom/rtStructureSet.ts';
import { AppError } from '../../shared/appError.ts';
import { readRecord } from '../../workflows/files/record.ts';
import { systemCode } from '../../workflows/files/toWriteError.ts';
import { findingSchema } from '../findings/findingSchema.ts';
import type { CaseRecord } from '../workspace/caseRecord.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';

export const structureSetIdSchema = z.string().regex(/^rtss-[0-9a-f]{12}$/, 'not a structure set id');

export const structureSetRecordSchema = z.object({
  schemaVersion: z.literal(1),
  structureSetId: structureSetIdSchema,
  /** ISO 8601. */
  importedAt: z.iso.datetime(),
  /** Of the images its contours lie on. */
  frameOfReferenceUid: z.string(),
  /** Which of the case's images it was drawn on; absent in older records: the reference image. */
  image: z.enum(['mr', 'ct']).exactOptional(),
  structureSet: rtStructureSetSchema,
  findings: z.array(findingSchema),
});

export type StructureSetRecord = z.infer<typeof structureSetRecordSchema>;

const folderOf = ({ casesDirectory }: Workspace, caseId: string): string =>
  join(casesDirectory, caseId, 'structures');

export function structureSetPath(workspace: Workspace, caseId: string, structureSetId: string): string {
  return join(folderOf(workspace, caseId), `${structureSetId}.json`);
}

/** The same for the same file. */
export function structureSetIdOf(sopInstanceUid: string): string {
  return `rtss-${createHash('sha256').update(sopInstanceUid).digest('hex').slice(0, 12)}`;
}

/** The image a case is looked at in: its MR, else its CT. */
export function referenceImage({ mr, ct }: CaseRecord): 'mr' | 'ct' | undefined {
  return mr ? 'mr' : ct ? 'ct' : undefined;
}

/** The image of the case that the set was drawn on. */
export function drawnOn({ image }: StructureSetRecord, record: CaseRecord): 'mr' | 'ct' | undefined {
  return image ?? referenceImage(record);
}

/** Whether the set, as its file has it, lies in the space of the case's reference image, which may have been replaced since. */
export function liesIn(set: StructureSetRecord, record: CaseRecord): boolean {
  const reference = referenceImage(record);
  const isMoved = drawnOn(set, record) === 'ct' && record.registration !== undefined;
  return (
    reference !== undefined &&
    !isMoved &&
    set.frameOfReferenceUid === record[reference]?.source?.frameOfReferenceUid
  );
}

/** Throws STRUCTURES_NOT_FOUND, RECORD_INVALID. */
export async function readStructureSet(
  workspace: Workspace,
  caseId: string,
  structureSetId: string,
): Promise<StructureSetRecord> {
  const missing = (): AppError => new AppError('STRUCTURES_NOT_FOUND', { case: caseId, set: structureSetId });
  if (!structureSetIdSchema.safeParse(structureSetId).success) throw missing();
  try {
    return await readRecord(structureSetPath(workspace, caseId, structureSetId), structureSetRecordSchema);
  } catch (error) {
    throw error instanceof AppError && error.code === 'FILE_NOT_FOUND' ? missing() : error;
  }
}

/** Which a case has. */
export async function structureSetIds(workspace: Workspace, caseId: string): Promise<string[]> {
  const names = await readdir(folderOf(workspace, caseId)).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  });
  const ids = names.map((name) => name.replace(/\.json$/, ''));
  return ids.filter((id) => structureSetIdSchema.safeParse(id).success);
}

/** All of a case, the first imported first. Throws RECORD_INVALID. */
export async function listStructureSets(workspace: Workspace, caseId: string): Promise<StructureSetRecord[]> {
  const ids = await structureSetIds(workspace, caseId);
  const records = await Promise.all(ids.map((id) => readStructureSet(workspace, caseId, id)));
  return records.sort((a, b) => a.importedAt.localeCompare(b.importedAt));
}
