/** The rules of de-identification on the elements of a data set: by the table where it names an attribute, else by the kind of its value. */
import {
  deidentifyActionOf,
  removedDateAction,
  tagNumber,
  times,
  type DeidentifyAction,
} from './deidentifyActions.ts';
import type { RawElement } from './rawDataSet.ts';
import { textOf, withText } from './rawValues.ts';
import { isPlainRegionName } from './regionNameWords.ts';
import { vrOf } from './vrOf.ts';

/** In place of who and when. */
export interface Replacement {
  /** Stands as PatientID and PatientName. */
  readonly code: string;
  /** Added to every date; null: dates and times are removed. */
  readonly shiftDays: number | null;
  /** The same for the same UID. */
  mapUid(uid: string): string;
}

const tags = {
  patientName: tagNumber('PatientName'),
  patientId: tagNumber('PatientID'),
  roiNumber: tagNumber('ROINumber'),
};
/** UIDs of the standard itself, which name classes and encodings. */
const standardRoot = '1.2.840.10008.';
const texts: ReadonlySet<string> = new Set(['AE', 'LO', 'LT', 'SH', 'ST', 'UC', 'UR', 'UT']);
/** What a D of the table puts in the place of a value, by the VR; any other text where there is none. */
const dummies: Readonly<Record<string, string>> = { DA: '19000101', DT: '19000101000000', TM: '000000' };
const anyDummy = 'ANONYMIZED';

export interface Change {
  readonly to: Replacement;
  /** Whether a text holds the patient's name or id. */
  readonly isTelling: (text: string) => boolean;
  /** Counted on. */
  readonly tally: { textsEmptied: number; regionsRenamed: number; hasRegions: boolean };
}

/** Items of sequences included. */
export function changeAll(elements: readonly RawElement[], how: Change): RawElement[] {
  return elements.flatMap((element) => {
    const changed = change(element, elements, how);
    return changed ? [changed] : [];
  });
}

function change(element: RawElement, siblings: readonly RawElement[], how: Change): RawElement | undefined {
  const { tag, value } = element;
  const { to, isTelling, tally } = how;
  if (tag === tags.patientName || tag === tags.patientId) return withText(element, to.code);
  const action = deidentifyActionOf(tag);
  if (action === 'C') return cleanRegionName(element, siblings, how);
  if (action !== undefined) return acted(element, action);
  if (value.kind === 'items')
    return { ...element, value: { kind: 'items', items: value.items.map((item) => changeAll(item, how)) } };
  if (value.kind === 'fragments') return element;
  const vr = kindOf(element);
  if (vr === 'PN') return withText(element, '');
  if (vr === 'UI') return withText(element, mapUids(textOf(element), to));
  if (times.has(vr)) return changeTime(element, vr, to.shiftDays);
  if (!texts.has(vr) || !isTelling(textOf(element))) return element;
  tally.textsEmptied++;
  return withText(element, '');
}

const kindOf = ({ tag, vr }: RawElement): string => (vr === 'UN' ? (vrOf(tag) ?? vr) : vr);

function acted(element: RawElement, action: Exclude<DeidentifyAction, 'C'>): RawElement | undefined {
  if (action === 'X') return undefined;
  return withText(element, action === 'Z' ? '' : (dummies[kindOf(element)] ?? anyDummy));
}

/** A name that may tell somebody gives way to the region's number. */
function cleanRegionName(
  element: RawElement,
  siblings: readonly RawElement[],
  { isTelling, tally }: Change,
): RawElement {
  tally.hasRegions = true;
  const name = textOf(element);
  if (name === '' || (isPlainRegionName(name) && !isTelling(name))) return element;
  tally.regionsRenamed++;
  const number = siblings.find(({ tag }) => tag === tags.roiNumber);
  return withText(element, `ROI ${textOf(number)}`.trim());
}

function mapUids(text: string, { mapUid }: Replacement): string {
  return text
    .split('\\')
    .map((uid) => (uid === '' || uid.startsWith(standardRoot) ? uid : mapUid(uid)))
    .join('\\');
}

function changeTime(element: RawElement, vr: string, shiftDays: number | null): RawElement | undefined {
  if (shiftDays === null) return acted(element, removedDateAction(element.tag));
  const text = textOf(element);
  if (vr === 'TM' || text === '') return element;
  const shifted = text.split('\\').map((value) => shiftDate(value, shiftDays));
  if (shifted.every((value) => value === '')) return acted(element, removedDateAction(element.tag));
  return withText(element, shifted.join('\\'));
}

/** DA, or DT with the date in front, without its time zone (which would tell where); what is no whole date becomes ''. */
function shiftDate(value: string, days: number): string {
  const [, year, month, day, rest = ''] = /^(\d{4})[.]?(\d{2})[.]?(\d{2})(.*)$/.exec(value.trim()) ?? [];
  if (year === undefined) return '';
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day) + days));
  const time = rest.replace(/[+-]\d{4}$/, '');
  return `${date.toISOString().slice(0, 10).replaceAll('-', '')}${time}`;
}
