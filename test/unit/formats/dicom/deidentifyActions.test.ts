import { describe, expect, it } from 'vitest';
import {
  deidentifyActionOf,
  removedDateAction,
  tagNumber,
  times,
} from '../../../../src-main/formats/dicom/deidentifyActions.ts';
import { isPlainRegionName } from '../../../../src-main/formats/dicom/regionNameWords.ts';
import { vrOf } from '../../../../src-main/formats/dicom/vrOf.ts';
import { basicProfile } from '../../../fixtures/confidentialityProfile.ts';

const hex = (tag: number): string => tag.toString(16).padStart(8, '0');
/** By the VR rule: what happens to an attribute the table leaves to it, dates removed. */
const byVr = (tag: number): string => {
  const vr = vrOf(tag) ?? '';
  if (vr === 'UI') return 'U';
  if (vr === 'PN') return 'Z';
  if (times.has(vr)) return removedDateAction(tag);
  return vr === 'SQ' ? 'items' : 'kept';
};
const actionOf = (tag: number): string => {
  if (tag === tagNumber('PatientName') || tag === tagNumber('PatientID')) return 'D';
  return deidentifyActionOf(tag) ?? byVr(tag);
};

/** What does all that the table asks. */
const fulfils = (tag: number, asked: string): boolean => {
  const done = actionOf(tag);
  const vr = vrOf(tag) ?? '';
  // A name of a person for the patient's own is a dummy; images named in items keep their mapped UIDs.
  if (tag === tagNumber('PatientName')) return done === 'D';
  if (asked === 'X/Z/U*') return done === 'items';
  if (asked.split('/').includes(done)) return true;
  // Clean Descriptors Option.
  if (tag === tagNumber('ROIName')) return done === 'C';
  // None of these, in classes that are not taken, could hold a dummy.
  if (asked === 'D') return done === 'X' ? ['SQ', 'OB', 'UN', 'AS'].includes(vr) : done === 'U';
  return false;
};

describe('what becomes of an attribute', () => {
  it('is what Table E.1-1 of PS3.15 asks, for every attribute it names', () => {
    expect(basicProfile.length).toBeGreaterThan(600);
    const wrong = basicProfile.filter(({ tag, action }) => !fulfils(tag, action));
    expect(wrong.map(({ tag, action }) => `${hex(tag)} ${action}: ${actionOf(tag)}`)).toEqual([]);
  });

  it('is removal for identifiers, issuers and addresses that the table does not name', () => {
    const beyond = [0x00080051, 0x00081190, 0x00100024, 0x00100026, 0x00100033, 0x00100034, 0x00400026];
    expect(beyond.map(deidentifyActionOf)).toEqual(beyond.map(() => 'X'));
  });

  it('is removal for what is private, an overlay, a curve, or unknown to the standard', () => {
    const unknown = [0x00291010, 0x60003000, 0x50003000, 0x0008ffee];
    expect(unknown.map(deidentifyActionOf)).toEqual(['X', 'X', 'X', 'X']);
  });
});

describe('a name of a region', () => {
  it('stays where it is made of words of anatomy and planning alone', () => {
    const plain = ['PTV_5040', 'FemurHead_L', 'bladder', 'Bowel_Small', 'CTV1 boost 2 mm', 'Hüftkopf links'];
    expect(plain.filter((name) => !isPlainRegionName(name))).toEqual([]);
  });

  it('does not stay with a word that is none of them, an id or a date in it', () => {
    const telling = ['PTV Steinmetz', 'Bladder 20240229', 'J.D.', '4711', 'PTV 471103', 'Bladder JD', ''];
    expect(telling.filter(isPlainRegionName)).toEqual([]);
  });
});
