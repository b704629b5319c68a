/**
 * De-identifies a DICOM file by the Basic Application Level Confidentiality Profile (DICOM PS3.15 annex E); `deidentifyActions.ts` says
 * what becomes of which attribute. Pixel values stay as they are; what older files hide in the bits beside them is cleared.
 *
 * Beyond the table: every name of a person and every text that holds the patient's name or id is emptied, wherever it stands. Limits: what is
 * written into the pixels is not seen, nor what lies in unused bits of compressed pixels where no overlay says so; faces may be recognised in
 * volumes of the head.
 */
import { AppError } from '../../shared/appError.ts';
import { tagNumber } from './deidentifyActions.ts';
import { changeAll, type Replacement } from './deidentifyElements.ts';
import { drawnSign } from './drawnSign.ts';
import { encodeFileMeta } from './fileMeta.ts';
import { openDataSet } from './openDataSet.ts';
import { dataSetStart, encodeRawDataSet, readRawDataSet, type RawElement } from './rawDataSet.ts';
import { textOf, withText } from './rawValues.ts';
import { tellsPatient } from './tellingText.ts';
import { explicitLittleEndian } from './transferSyntaxes.ts';
import { withoutHiddenBits } from './unusedBits.ts';
import { vrOf } from './vrOf.ts';

/** Who a file is about, as its own texts say; '' where they do not. */
export interface FileSubject {
  readonly patientId: string;
  /** Who gave the id: two hospitals may give the same. */
  readonly issuerOfPatientId: string;
  readonly patientName: string;
  /** YYYYMMDD as the file has it. */
  readonly patientBirthDate: string;
  readonly studyInstanceUid: string;
}

export interface OpenedFile {
  readonly subject: FileSubject;
  readonly sopClassUid: string;
  /** Why there may be writing in the pixels; null for no sign of it. */
  readonly burnedIn: string | null;
  deidentify(replacement: Replacement): DeidentifiedFile;
}

export interface DeidentifiedFile {
  readonly bytes: Uint8Array;
  readonly sopInstanceUid: string;
  readonly seriesInstanceUid: string;
  /** Texts that are emptied because they held the patient's name or id. */
  readonly textsEmptied: number;
  /** Regions that have a number in place of their name. */
  readonly regionsRenamed: number;
}

const tags = {
  sopClassUid: tagNumber('SOPClassUID'),
  sopInstanceUid: tagNumber('SOPInstanceUID'),
  patientName: tagNumber('PatientName'),
  patientId: tagNumber('PatientID'),
  issuerOfPatientId: tagNumber('IssuerOfPatientID'),
  birthDate: tagNumber('PatientBirthDate'),
  study: tagNumber('StudyInstanceUID'),
  series: tagNumber('SeriesInstanceUID'),
};

/** Opens a file to de-identify it. Throws as `openDataSet`; `name` is for messages. */
export function openToDeidentify(file: Uint8Array, name: string): OpenedFile {
  const { bytes, transferSyntax, transferSyntaxUid } = openDataSet(file, name);
  const start = transferSyntax.deflated ? 0 : dataSetStart(file);
  const elements = guard(name, () => readRawDataSet(bytes, start, transferSyntax));
  const text = (tag: number): string => textOf(elements.find((element) => element.tag === tag));
  const subject = {
    patientId: text(tags.patientId),
    issuerOfPatientId: text(tags.issuerOfPatientId),
    patientName: text(tags.patientName),
    patientBirthDate: text(tags.birthDate),
    studyInstanceUid: text(tags.study),
  };
  const sopClassUid = text(tags.sopClassUid);
  const ownUid = text(tags.sopInstanceUid);
  if (sopClassUid === '' || ownUid === '')
    throw new AppError('DICOM_UNSUPPORTED', {
      path: name,
      reason: 'it does not name its SOP class and instance',
    });
  return {
    subject,
    sopClassUid,
    burnedIn: drawnSign(elements, transferSyntax),
    deidentify(replacement) {
      const tally = { textsEmptied: 0, regionsRenamed: 0, hasRegions: false };
      const changed = changeAll(elements, { to: replacement, isTelling: tellsPatient(subject), tally });
      const cleared = withoutHiddenBits(changed, transferSyntax);
      const all = withStatement(cleared, replacement, tally.hasRegions);
      const sopInstanceUid = replacement.mapUid(ownUid);
      // Deflated data are written plain.
      const syntax = transferSyntax.deflated ? explicitLittleEndian : transferSyntaxUid;
      const head = encodeFileMeta({ sopClassUid, sopInstanceUid, transferSyntaxUid: syntax });
      const body = guard(name, () => encodeRawDataSet(all, transferSyntax));
      const written = new Uint8Array(head.length + body.length);
      written.set(head);
      written.set(body, head.length);
      const { textsEmptied, regionsRenamed } = tally;
      const seriesInstanceUid = replacement.mapUid(text(tags.series));
      return { bytes: written, sopInstanceUid, seriesInstanceUid, textsEmptied, regionsRenamed };
    },
  };
}

/** PS3.15 E.1.1 and PS3.3 C.12.1.1: that and how the file was de-identified (codes of PS3.16 CID 7050). */
function withStatement(
  elements: readonly RawElement[],
  { shiftDays }: Replacement,
  hasCleanedNames: boolean,
): RawElement[] {
  const code = (value: string, meaning: string): RawElement[] => [
    plain('CodeValue', value),
    plain('CodingSchemeDesignator', 'DCM'),
    plain('CodeMeaning', meaning),
  ];
  const items = [
    code('113100', 'Basic Application Confidentiality Profile'),
    ...(shiftDays === null
      ? []
      : [code('113107', 'Retain Longitudinal Temporal Information Modified Dates Option')]),
    ...(hasCleanedNames ? [code('113105', 'Clean Descriptors Option')] : []),
  ];
  const statement = [
    plain('PatientIdentityRemoved', 'YES'),
    plain('DeidentificationMethod', 'Ilium: PS3.15 basic profile'),
    {
      tag: tagNumber('DeidentificationMethodCodeSequence'),
      vr: 'SQ',
      value: { kind: 'items', items },
    } satisfies RawElement,
    plain('LongitudinalTemporalInformationModified', shiftDays === null ? 'REMOVED' : 'MODIFIED'),
  ];
  const replaced = new Set(statement.map(({ tag }) => tag));
  const kept = elements.filter(({ tag }) => !replaced.has(tag));
  return [...kept, ...statement].sort((a, b) => a.tag - b.tag);
}

function plain(keyword: string, text: string): RawElement {
  const tag = tagNumber(keyword);
  return withText({ tag, vr: vrOf(tag) ?? 'LO', value: { kind: 'items', items: [] } }, text);
}

function guard<T>(path: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new AppError('FILE_UNREADABLE', { path, reason: 'its DICOM structure is damaged' });
  }
}
