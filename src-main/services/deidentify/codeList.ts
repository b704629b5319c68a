/**
 * The secret side of de-identification, kept by the user apart from what is shared: a key from which identifiers and shifts of dates are
 * made, and the list of patients and their codes. With the same file, later images of the same patients map alike; without it nobody gets
 * back from a code to a patient.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { chmod } from 'node:fs/promises';
import { z } from 'zod';
import type { FileSubject, Replacement } from '../../formats/dicom/deidentify.ts';
import { AppError } from '../../shared/appError.ts';
import { readRecord, writeRecord } from '../../workflows/files/record.ts';

const codeListSchema = z.object({
  schemaVersion: z.literal(1),
  /** 256 bits in hexadecimal. */
  key: z.string().regex(/^[0-9a-f]{64}$/, 'not a key of 64 hexadecimal digits'),
  patients: z.array(
    z.object({
      /** PatientID; PatientName or Study Instance UID where that is empty. */
      patient: z.string(),
      patientName: z.string(),
      code: z.string(),
      shiftDays: z.int(),
    }),
  ),
});

export interface CodeList {
  readonly path: string;
  /** The same for the same patient; one that is new is added. */
  replacementFor(subject: FileSubject, keepDates: boolean): Replacement;
  /** Writes the list. Throws what writing a record throws. */
  save(): Promise<void>;
}

/** Dates move back by one day up to some ten years: never into the future. */
const longestShiftDays = 3650;

/** Opens the list at `path`, or begins one there. Throws RECORD_INVALID for a file that is none. */
export async function openCodeList(path: string): Promise<CodeList> {
  const list = await readRecord(path, codeListSchema).catch((error: unknown) => {
    if (!(error instanceof AppError) || error.code !== 'FILE_NOT_FOUND') throw error;
    return codeListSchema.parse({ schemaVersion: 1, key: randomBytes(32).toString('hex'), patients: [] });
  });
  const key = Buffer.from(list.key, 'hex');
  const patients = new Map(list.patients.map((entry) => [entry.patient, entry]));
  const digest = (what: string, value: string): Buffer =>
    createHmac('sha256', key).update(`${what}\n${value}`).digest();
  const mapUid = (uid: string): string => uidOf(digest('uid', uid));
  return {
    path,
    replacementFor({ patientId, patientName, studyInstanceUid }, keepDates) {
      const patient = patientId || patientName || studyInstanceUid;
      let entry = patients.get(patient);
      if (!entry) {
        const code = `PATIENT-${String(patients.size + 1).padStart(4, '0')}`;
        const shiftDays = -1 - (digest('shift', patient).readUInt32BE() % longestShiftDays);
        entry = { patient, patientName, code, shiftDays };
        patients.set(patient, entry);
      }
      return { code: entry.code, shiftDays: keepDates ? entry.shiftDays : null, mapUid };
    },
    async save() {
      await writeRecord(path, codeListSchema, { ...list, patients: [...patients.values()] });
      // Readable by its owner alone, where the system knows owners.
      await chmod(path, 0o600);
    },
  };
}

/** The first 128 bits as a UUID of version 8 (RFC 9562 section 5.8) in decimal behind 2.25 (DICOM PS3.5 section B.2). */
function uidOf(digest: Buffer): string {
  const bytes = Buffer.from(digest.subarray(0, 16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return `2.25.${BigInt(`0x${bytes.toString('hex')}`).toString()}`;
}
