/**
 * De-identifies a DICOM file by the Basic Application Level Confidentiality Profile (DICOM PS3.15 annex E); `deidentifyActions.ts` says
 * what becomes of which attribute. Pixel data stay bit for bit, compressed or not.
 *
 * Beyond the table: every name of a person and every text that holds the patient's name or id is emptied, wherever it stands; attributes
 * that neither the standard's dictionary knows nor the file tells the kind of are removed. Limits: what is written into the pixels is not
 * seen; faces may be recognised in volumes of the head.
 */
import { AppError } from '../../shared/appError.ts';
import { deidentifyActionOf, tagNumber } from './deidentifyActions.ts';
import { encodeFileMeta } from './fileMeta.ts';
import { openDataSet } from './openDataSet.ts';
import { dataSetStart, encodeRawDataSet, readRawDataSet, type RawElement } from './rawDataSet.ts';
import { explicitLittleEndian } from './transferSyntaxes.ts';
import { vrOf } from './vrOf.ts';

/** Who a file is about, as its own texts say; '' where they do not. */
export interface FileSubject {
  readonly patientId: string;
  readonly patientName: string;
  readonly studyInstanceUid: string;
}

/** In place of who and when. */
export interface Replacement {
  /** Stands as PatientID and PatientName. */
  readonly code: string;
  /** Added to every date; null: dates and times are removed. */
  readonly shiftDays: number | null;
  /** The same for the same UID. */
  mapUid(uid: string): string;
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
}

const tags = {
  sopClassUid: tagNumber('SOPClassUID'),
  sopInstanceUid: tagNumber('SOPInstanceUID'),
  imageType: tagNumber('ImageType'),
  burnedIn: tagNumber('BurnedInAnnotation'),
  recognisable: tagNumber('RecognizableVisualFeatures'),
  patientName: tagNumber('PatientName'),
  patientId: tagNumber('PatientID'),
  study: tagNumber('StudyInstanceUID'),
  series: tagNumber('SeriesInstanceUID'),
};
const secondaryCapture = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.7(\.|$)/;
/** UIDs of the standard itself, which name classes and encodings. */
const standardRoot = '1.2.840.10008.';
const texts: ReadonlySet<string> = new Set(['AE', 'LO', 'LT', 'SH', 'ST', 'UC', 'UR', 'UT']);
const times: ReadonlySet<string> = new Set(['DA', 'DT', 'TM']);
const shortestTelling = 3;

/** Opens a file to de-identify it. Throws as `openDataSet`; `name` is for messages. */
export function openToDeidentify(file: Uint8Array, name: string): OpenedFile {
  const { bytes, transferSyntax, transferSyntaxUid } = openDataSet(file, name);
  const start = transferSyntax.deflated ? 0 : dataSetStart(file);
  const elements = guard(name, () => readRawDataSet(bytes, start, transferSyntax));
  const text = (tag: number): string => textOf(elements.find((element) => element.tag === tag));
  const subject = {
    patientId: text(tags.patientId),
    patientName: text(tags.patientName),
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
    burnedIn: burnedInSign(sopClassUid, text),
    deidentify(replacement) {
      const tells = tellingParts(subject);
      const changed = changeAll(elements, replacement, (value) => tells.some((part) => value.includes(part)));
      const all = withStatement(changed, replacement);
      const sopInstanceUid = replacement.mapUid(ownUid);
      // Deflated data are written plain.
      const syntax = transferSyntax.deflated ? explicitLittleEndian : transferSyntaxUid;
      const head = encodeFileMeta({ sopClassUid, sopInstanceUid, transferSyntaxUid: syntax });
      const body = guard(name, () => encodeRawDataSet(all, transferSyntax));
      const written = new Uint8Array(head.length + body.length);
      written.set(head);
      written.set(body, head.length);
      return { bytes: written, sopInstanceUid, seriesInstanceUid: replacement.mapUid(text(tags.series)) };
    },
  };
}

function burnedInSign(sopClassUid: string, text: (tag: number) => string): string | null {
  if (text(tags.burnedIn) === 'YES') return 'Burned In Annotation is YES';
  if (text(tags.recognisable) === 'YES') return 'Recognizable Visual Features is YES';
  if (secondaryCapture.test(sopClassUid)) return 'it is a secondary capture';
  const imageType = text(tags.imageType);
  return /SCREEN|PASTED|REPORT|FORM/.test(imageType) ? `its image type is ${imageType}` : null;
}

/** Parts of the name and the id by which the patient is found in other texts, lower case. */
function tellingParts({ patientId, patientName }: FileSubject): string[] {
  return [patientId, ...patientName.split(/[\^=\s,]+/)]
    .map((part) => part.toLowerCase())
    .filter((part) => part.length >= shortestTelling);
}

type IsTelling = (lowerCase: string) => boolean;

function changeAll(elements: readonly RawElement[], to: Replacement, isTelling: IsTelling): RawElement[] {
  return elements.flatMap((element) => {
    const changed = change(element, to, isTelling);
    return changed ? [changed] : [];
  });
}

function change(element: RawElement, to: Replacement, isTelling: IsTelling): RawElement | undefined {
  const { tag, value } = element;
  if (tag === tags.patientName || tag === tags.patientId) return withText(element, to.code);
  const action = deidentifyActionOf(tag);
  if (action === 'X') return undefined;
  if (action === 'Z') return withText(element, '');
  if (action === 'D') return withText(element, 'STRUCTURES');
  if (action === 'K') return element;
  if (value.kind === 'items')
    return {
      ...element,
      value: { kind: 'items', items: value.items.map((item) => changeAll(item, to, isTelling)) },
    };
  if (value.kind === 'fragments') return element;
  const vr = element.vr === 'UN' ? vrOf(tag) : element.vr;
  // Of what neither the file nor the dictionary tells the kind, nobody knows what is in it.
  if (vr === undefined || vr === 'UN') return undefined;
  if (vr === 'PN') return withText(element, '');
  if (vr === 'UI') return withText(element, mapUids(textOf(element), to));
  if (times.has(vr)) return changeTime(element, vr, to.shiftDays);
  if (texts.has(vr) && isTelling(textOf(element).toLowerCase())) return withText(element, '');
  return element;
}

function mapUids(text: string, { mapUid }: Replacement): string {
  return text
    .split('\\')
    .map((uid) => (uid === '' || uid.startsWith(standardRoot) ? uid : mapUid(uid)))
    .join('\\');
}

function changeTime(element: RawElement, vr: string, shiftDays: number | null): RawElement {
  if (shiftDays === null) return withText(element, '');
  if (vr === 'TM') return element;
  const shifted = textOf(element)
    .split('\\')
    .map((value) => shiftDate(value, shiftDays));
  return withText(element, shifted.join('\\'));
}

/** DA, or DT with the date in front; what is no whole date becomes ''. */
function shiftDate(value: string, days: number): string {
  const [, year, month, day, rest = ''] = /^(\d{4})[.]?(\d{2})[.]?(\d{2})(.*)$/.exec(value.trim()) ?? [];
  if (year === undefined) return '';
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day) + days));
  return `${date.toISOString().slice(0, 10).replaceAll('-', '')}${rest}`;
}

/** PS3.15 E.1.1 and PS3.3 C.12.1.1: that and how the file was de-identified (codes of PS3.16 CID 7050). */
function withStatement(elements: readonly RawElement[], { shiftDays }: Replacement): RawElement[] {
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

/** With a value of the basic repertoire; a sequence is emptied. */
function withText({ tag, vr }: RawElement, text: string): RawElement {
  if (vr === 'SQ') return { tag, vr, value: { kind: 'items', items: [] } };
  const padded = text.length % 2 === 0 ? text : `${text}${vr === 'UI' || vrOf(tag) === 'UI' ? '\0' : ' '}`;
  return {
    tag,
    vr,
    value: { kind: 'bytes', bytes: Uint8Array.from(padded, (letter) => letter.charCodeAt(0)) },
  };
}

const latin1 = new TextDecoder('latin1');

function textOf(element: RawElement | undefined): string {
  if (element?.value.kind !== 'bytes') return '';
  return latin1.decode(element.value.bytes).replace(/\0+$/, '').trim();
}

function guard<T>(path: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new AppError('FILE_UNREADABLE', { path, reason: 'its DICOM structure is damaged' });
  }
}
