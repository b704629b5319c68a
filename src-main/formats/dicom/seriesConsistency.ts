/**
 * What planning systems demand of a series as a whole, and no validator of single files sees: one patient, study, series, frame of
 * reference, size and orientation; every instance once, numbered from 1 without gaps; positions in even steps in the order of the numbers.
 */
import type { DicomHeader } from './readDicomHeader.ts';

type Read = (header: DicomHeader) => string;

const sameInAll: readonly (readonly [what: string, read: Read])[] = [
  ['patient', ({ patient }) => `${patient.patientName}\\${patient.patientId}\\${patient.patientBirthDate}`],
  ['study', ({ study }) => study.studyInstanceUid],
  ['series', ({ seriesInstanceUid }) => seriesInstanceUid],
  ['frame of reference', ({ frameOfReferenceUid }) => frameOfReferenceUid],
  ['SOP class', ({ sopClassUid }) => sopClassUid],
  ['modality', ({ modality }) => modality],
  ['patient position', ({ patientPosition }) => patientPosition],
  ['size', ({ rows, columns }) => `${rows}×${columns}`],
  ['pixel spacing', ({ pixelSpacing }) => pixelSpacing.join('\\')],
  ['orientation', ({ imageOrientationPatient }) => imageOrientationPatient.join('\\')],
];

/** Positions are written with 16 characters. */
const toleranceMm = 1e-4;

/** What is wrong with the series, in words; null for nothing. */
export function seriesInconsistency(headers: readonly DicomHeader[]): string | null {
  const [first] = headers;
  if (!first) return 'it holds no image';
  for (const [what, read] of sameInAll) {
    const other = headers.find((header) => read(header) !== read(first));
    if (other) return `the ${what} of ${other.name} is not that of ${first.name}`;
    if (read(first) === '' && what !== 'patient position') return `the ${what} is empty`;
  }
  const uids = headers.map(({ sopInstanceUid }) => sopInstanceUid);
  if (new Set(uids).size !== uids.length || uids.includes('')) return 'two images have one SOP Instance UID';
  const ordered = [...headers].sort((a, b) => a.instanceNumber - b.instanceNumber);
  if (ordered.some(({ instanceNumber }, at) => instanceNumber !== at + 1))
    return 'its instance numbers do not count from 1';
  return unevenSteps(ordered);
}

function unevenSteps(ordered: readonly DicomHeader[]): string | null {
  const places = ordered.map(({ imagePositionPatient }) => imagePositionPatient);
  const [first, second] = places;
  if (!first || !second) return null;
  const step = [0, 1, 2].map((axis) => (second[axis] ?? NaN) - (first[axis] ?? NaN));
  if (!(Math.hypot(...step) > toleranceMm)) return 'two images lie at one place';
  const stray = places.map((place, k) =>
    Math.hypot(
      ...[0, 1, 2].map((axis) => (place[axis] ?? NaN) - (first[axis] ?? NaN) - k * (step[axis] ?? NaN)),
    ),
  );
  const worst = Math.max(...stray);
  // The step's own rounding grows with the number of slices.
  return worst <= toleranceMm + 1e-9 * places.length
    ? null
    : `its positions stray ${worst} mm from even steps`;
}
