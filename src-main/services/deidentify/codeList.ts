/**
 * The secret side of de-identification, kept by the user apart from what is shared: a key from which identifiers and shifts of dates are
 * made, and the list of patients and their codes. With the same file, later images of the same patients map alike; without it nobody gets
 * back from a code to a patient.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { FileSubject } from '../../formats/dicom/deidentify.ts';
import type { Replacement } from '../../formats/dicom/deidentifyElements.ts';
import { comparableName, mayBeSame } from '../../formats/dicom/personName.ts';
import { AppError } from '../../shared/appError.ts';
import { readRecord } from '../../workflows/files/record.ts';
import { writeAtomically } from '../../workflows/files/writeAtomically.ts';

const codeListSchema = z.object({
  schemaVersion: z.literal(1),
  /** 256 bits in hexadecimal. */
  key: z.string().regex(/^[0-9a-f]{64}$/, 'not a key of 64 hexadecimal digits'),
  patients: z.array(
    z.object({
      /** Issuer of Patient ID: two hospitals may give one id to two patients. */
      issuer: z.string().default(''),
      /** PatientID; name and birth date, or the Study Instance UID, where that is empty. */
      patient: z.string(),
      patientName: z.string(),
      code: z.string(),
      shiftDays: z.int(),
    }),
  ),
});

type CodedPatient = z.infer<typeof codeListSchema>['patients'][number];

export interface CodeList {
  readonly path: string;
  /** The same for the same patient; one that is new is added. Null for an id that stands for a patient of another name, or for several. */
  replacementFor(subject: FileSubject, keepDates: boolean): Replacement | null;
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
  const patients = [...list.patients];
  const byPatient = new Map<string, CodedPatient[]>();
  const known = (patient: string): CodedPatient[] => byPatient.get(patient) ?? [];
  const keep = (entry: CodedPatient): void =>
    void byPatient.set(entry.patient, [...known(entry.patient), entry]);
  patients.forEach(keep);
  /** Lists of before birth dates were kept have patients without an id under their bare names. */
  const upgrade = ({ patientId, patientName }: FileSubject, patient: string): void => {
    if (patientId !== '' || patientName === '' || patient === patientName || known(patient).length > 0)
      return;
    const [bare] = known(patientName);
    if (!bare) return;
    byPatient.delete(patientName);
    bare.patient = patient;
    keep(bare);
  };
  const digest = (what: string, value: string): Buffer =>
    createHmac('sha256', key).update(`${what}\n${value}`).digest();
  const mapUid = (uid: string): string => uidOf(digest('uid', uid));
  return {
    path,
    replacementFor(subject, keepDates) {
      const patient = patientOf(subject);
      upgrade(subject, patient);
      // One of the two may lack what the other has: planning systems drop the issuer.
      const alike = known(patient).filter(({ issuer }) => mayBeSame(issuer, subject.issuerOfPatientId));
      const same = alike.filter(({ patientName }) =>
        mayBeSame(comparableName(patientName), comparableName(subject.patientName)),
      );
      let [entry] = same;
      if (same.length > 1) entry = same.find(({ issuer }) => issuer === subject.issuerOfPatientId);
      if (!entry) {
        if (alike.length > 0) return null;
        const code = `PATIENT-${String(patients.length + 1).padStart(4, '0')}`;
        const shiftDays = -1 - (digest('shift', patient).readUInt32BE() % longestShiftDays);
        entry = { issuer: '', patient, patientName: '', code, shiftDays };
        patients.push(entry);
        keep(entry);
      }
      entry.issuer ||= subject.issuerOfPatientId;
      entry.patientName ||= subject.patientName;
      return { code: entry.code, shiftDays: keepDates ? entry.shiftDays : null, mapUid };
    },
    async save() {
      const text = JSON.stringify(codeListSchema.parse({ ...list, patients }), null, 2);
      // Readable by its owner alone from the first byte on, where the system knows owners.
      await writeAtomically(path, `${text}\n`, 0o600);
    },
  };
}

function patientOf({ patientId, patientName, patientBirthDate, studyInstanceUid }: FileSubject): string {
  return patientId || (patientName && `${patientName} ${patientBirthDate}`.trim()) || studyInstanceUid;
}

/** The first 128 bits as a UUID of version 8 (RFC 9562 section 5.8) in decimal behind 2.25 (DICOM PS3.5 section B.2). */
function uidOf(digest: Buffer): string {
  const bytes = Buffer.from(digest.subarray(0, 16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return `2.25.${BigInt(`0x${bytes.toString('hex')}`).toString()}`;
}
