import { describe, expect, it } from 'vitest';
import { openToDeidentify } from '../../../../src-main/formats/dicom/deidentify.ts';
import { encodeRtStructureSet } from '../../../../src-main/formats/dicom/encodeRtStructureSet.ts';
import { readRtStructureSet } from '../../../../src-main/formats/dicom/readRtStructureSet.ts';
import { ctImageStorage } from '../../../../src-main/formats/dicom/sopClasses.ts';
import { AppError } from '../../../../src-main/shared/appError.ts';
import { createRandom } from '../../../../src-main/shared/random.ts';

const contour = { geometricType: 'CLOSED_PLANAR', points: '1\\2\\3\\4\\5\\3\\6\\1\\3' };
const roi = { name: 'R', generationAlgorithm: '', interpretedType: '', frameOfReferenceUid: '1.9' };
const { bytes } = encodeRtStructureSet(
  {
    ...{ sopInstanceUid: '1.1', label: 'L' },
    rois: [1, 2, 3].map((number) => ({ ...roi, number, contours: [contour, contour] })),
  },
  {
    ...{ patient: { patientName: 'Doe^Jane' }, study: { studyInstanceUid: '1.2' }, seriesInstanceUid: '1.3' },
    ...{ frameOfReferenceUid: '1.9', sopClassUid: ctImageStorage, sopInstanceUids: ['1.4', '1.5'] },
    grid: { size: [9, 9, 2], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 3, 0] },
  },
  { seriesInstanceUid: '1.6', sopInstanceUid: '1.7', seriesNumber: 1, createdAt: new Date(0) },
);

/** Some bytes changed, and the end cut now and then. */
function damaged(seed: number): Uint8Array {
  const random = createRandom(seed);
  const copy = bytes.slice(0, seed % 3 === 0 ? 132 + random.integer(bytes.length - 132) : bytes.length);
  for (let count = random.integer(8); count >= 0; count--) {
    copy[132 + random.integer(copy.length - 132)] = random.integer(256);
  }
  return copy;
}

const replacement = { code: 'P', shiftDays: -3, mapUid: () => '2.25.1' };
const tasks: readonly (readonly [string, (file: Uint8Array) => unknown])[] = [
  ['read', (file) => readRtStructureSet(file, 'file')],
  ['de-identified', (file) => openToDeidentify(file, 'file').deidentify(replacement)],
];

describe.each(tasks)('a damaged structure set that is %s', (_name, run) => {
  it('ends in a result or an error with a code, whatever was changed', () => {
    for (let seed = 0; seed < 400; seed++) {
      try {
        run(damaged(seed));
      } catch (error) {
        expect(error, `seed ${seed}`).toBeInstanceOf(AppError);
      }
    }
  });
});
