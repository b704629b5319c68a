import { beforeAll, describe, expect, it } from 'vitest';
import { encodeCtSeries } from '../../../../src-main/formats/dicom/encodeCtSeries.ts';
import { readDicomHeader, type DicomHeader } from '../../../../src-main/formats/dicom/readDicomHeader.ts';
import { seriesInconsistency } from '../../../../src-main/formats/dicom/seriesConsistency.ts';

let headers: DicomHeader[];
beforeAll(() => {
  const volume = {
    grid: { size: [4, 3, 5], indexToLps: [1, 0, 0, 1 / 3, 0, 1, 0, 2 / 3, 0, 0, 2.5 / 3, 7] },
    data: new Int16Array(60),
  } as const;
  const model = { name: 'm', version: '1', weightHash: 'ff' };
  const patient = { patientId: 'P', patientName: 'N' };
  headers = encodeCtSeries({ volume, model, patient }).instances.map(({ bytes, name }) =>
    readDicomHeader(bytes, name),
  );
});

/** The third file changed. */
const changed = (change: Partial<DicomHeader>): DicomHeader[] =>
  headers.map((header, at) => (at === 2 ? { ...header, ...change } : header));

describe('the consistency of a series', () => {
  it('is given for what is written here, in any order of the files', () => {
    expect(seriesInconsistency(headers)).toBeNull();
    expect(seriesInconsistency([...headers].reverse())).toBeNull();
  });

  it.each<[string, () => readonly DicomHeader[], RegExp]>([
    ['another series', () => changed({ seriesInstanceUid: '1.2' }), /series of CT_0003.dcm/],
    ['another frame of reference', () => changed({ frameOfReferenceUid: '1.2' }), /frame of reference/],
    ['no frame of reference', () => headers.map((one) => ({ ...one, frameOfReferenceUid: '' })), /is empty/],
    ['another size', () => changed({ rows: 9 }), /size/],
    ['another orientation', () => changed({ imageOrientationPatient: [1, 0, 0, 0, 0, 1] }), /orientation/],
    ['another pixel spacing', () => changed({ pixelSpacing: [1, 1.0001] }), /pixel spacing/],
    [
      'a repeated SOP Instance UID',
      () => changed({ sopInstanceUid: headers[0]!.sopInstanceUid }),
      /one SOP Instance/,
    ],
    ['a repeated instance number', () => changed({ instanceNumber: 2 }), /instance numbers/],
    ['a missing image', () => headers.filter((_, at) => at !== 2), /instance numbers/],
    ['an uneven step', () => changed({ imagePositionPatient: [1 / 3, 2 / 3, 8.667] }), /stray 0\.000/],
    ['numbers against the positions', () => changed({ instanceNumber: 99 }), /instance numbers/],
    ['no image', () => [], /no image/],
  ])('is broken by %s', (_what, series, reason) => {
    expect(seriesInconsistency(series())).toMatch(reason);
  });

  it('is broken where two images lie at one place', () => {
    const one = headers[0]!.imagePositionPatient;
    expect(seriesInconsistency(headers.map((header) => ({ ...header, imagePositionPatient: one })))).toMatch(
      /one place/,
    );
  });
});
