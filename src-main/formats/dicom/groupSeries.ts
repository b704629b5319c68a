/**
 * Sorts image headers into display sets: sets of slices that form one volume each. A DICOM series may hold several (b-values,
 * echoes, localisers); a display set never spans two patients, studies or series, whatever UIDs they share.
 *
 * Rules, in order: (1) copies of an image are taken once (`sameInstance`); (2) a series is split where images cannot share one voxel
 * grid or mean different things (`gridKeys`); (3) where several images still lie at one place, it is split by the first
 * acquisition key that gives every place one image. Each part says by what it was split. Slices are then put in ascending
 * order along the normal (row × column direction) and their positions checked (`sliceGeometry`).
 */
import { AppError } from '../../shared/appError.ts';
import type { Finding } from '../../shared/finding.ts';
import { acquisitionKeys } from './acquisition.ts';
import { imageFindings, type SeriesFacts } from './imageFindings.ts';
import type { DicomHeader } from './readDicomHeader.ts';
import { findInstances, type DuplicateInstance } from './sameInstance.ts';
import { samePatient } from './samePatient.ts';
import {
  inspectSlices,
  positionAlongNormal,
  samePlaceMm,
  type EvenStack,
  type InspectedSlices,
  type SliceGeometry,
} from './sliceGeometry.ts';

export interface SeriesGroup {
  /** Unique among the groups of one call, and the same again for the same files: series UID, with `#2` and so on for parts. */
  readonly id: string;
  /** For people, without the patient: "4 t2_tse_tra" or "6 ep2d_diff (b-value 50)". */
  readonly label: string;
  /** What told this part of the series from the others, for example "b-value 50"; empty when the series is one volume. */
  readonly splitBy: readonly string[];
  /** In ascending order along the normal. */
  readonly headers: readonly DicomHeader[];
  readonly geometry?: SliceGeometry;
  /** Why these slices are not one volume; `assembleVolume` throws it. */
  readonly problem?: AppError;
  /** Even slices that a person asked for instead of the uneven acquired ones; `geometry` is then theirs. */
  readonly evened?: EvenStack;
  /** Copies of `headers`, as far as headers tell; loading compares their pixels. */
  readonly duplicates: readonly DuplicateInstance[];
  readonly findings: readonly Finding[];
}

export interface GroupedSeries {
  readonly groups: readonly SeriesGroup[];
}

interface Part {
  readonly headers: readonly DicomHeader[];
  readonly splitBy: readonly string[];
}

interface GridKey {
  readonly label: (header: DicomHeader) => string;
  readonly same: (a: DicomHeader, b: DicomHeader) => boolean;
}

const near = (a: readonly number[], b: readonly number[], tolerance: number): boolean =>
  a.length === b.length && a.every((value, at) => Math.abs(value - (b[at] ?? NaN)) <= tolerance);

const ofOnePatient: GridKey['same'] = (a, b) => samePatient(a.patient, b.patient);

/** Images that differ in one of these never belong to one volume. */
const gridKeys: readonly GridKey[] = [
  { label: () => 'patient', same: ofOnePatient },
  { label: () => 'study', same: (a, b) => a.study.studyInstanceUid === b.study.studyInstanceUid },
  { label: (h) => h.modality, same: (a, b) => a.sopClassUid === b.sopClassUid && a.modality === b.modality },
  { label: () => 'frame of reference', same: (a, b) => a.frameOfReferenceUid === b.frameOfReferenceUid },
  {
    label: (h) => `${h.columns}×${h.rows} pixels`,
    same: (a, b) => a.rows === b.rows && a.columns === b.columns,
  },
  {
    label: (h) => `orientation ${h.imageOrientationPatient.map((value) => value.toFixed(3)).join(' ')}`,
    same: (a, b) => near(a.imageOrientationPatient, b.imageOrientationPatient, 1e-3),
  },
  {
    label: (h) => `pixel spacing ${h.pixelSpacing.join('×')} mm`,
    same: (a, b) => near(a.pixelSpacing, b.pixelSpacing, 1e-3),
  },
  {
    label: (h) => `image type ${h.imageType.slice(2).join('/')}`,
    same: (a, b) => a.imageType.join('\\') === b.imageType.join('\\'),
  },
];

/** Splits `headers` (of any number of series) into volumes-to-be, in order of series number and first slice. */
export function groupSeries(headers: readonly DicomHeader[]): GroupedSeries {
  // Those that say most of their patient first: others are compared with them.
  const told = [...headers].sort((a, b) => patientTold(b) - patientTold(a));
  const { unique, duplicates, repeated } = findInstances(told);
  const series = partition(unique, sameSeries);
  series.sort((a, b) => Number.parseInt(first(a).seriesNumber) - Number.parseInt(first(b).seriesNumber) || 0);
  const counts = new Map<string, number>();
  const groups = series.flatMap((images) => {
    const patients = partition(images, ofOnePatient).length;
    return splitSeries(images).map((part) => {
      const { seriesInstanceUid } = first(part.headers);
      const index = counts.get(seriesInstanceUid) ?? 0;
      counts.set(seriesInstanceUid, index + 1);
      return toGroup(part, index, { patients, duplicates, repeated });
    });
  });
  return { groups };
}

const patientTold = ({ patient: { patientName, patientBirthDate } }: DicomHeader): number =>
  Number(patientName !== '') + Number(patientBirthDate !== '');

/** An empty UID names no series; what else the images say of theirs stands in for it. */
const sameSeries: GridKey['same'] = (a, b) =>
  a.seriesInstanceUid === b.seriesInstanceUid &&
  (a.seriesInstanceUid !== '' ||
    (ofOnePatient(a, b) && a.seriesNumber === b.seriesNumber && a.seriesDescription === b.seriesDescription));

function splitSeries(images: readonly DicomHeader[]): Part[] {
  let parts: Part[] = [{ headers: images, splitBy: [] }];
  for (const key of gridKeys) {
    parts = parts.flatMap((part) => splitPart(part, key.same, key.label));
  }
  return parts.flatMap(separateRepeats).sort((a, b) => instance(a) - instance(b));
}

const instance = ({ headers }: Part): number =>
  headers.reduce((least, { instanceNumber }) => Math.min(least, instanceNumber), Infinity);

function splitPart(part: Part, same: GridKey['same'], label: GridKey['label']): Part[] {
  const parts = partition(part.headers, same);
  if (parts.length === 1) return [part];
  return parts.map((headers) => ({ headers, splitBy: [...part.splitBy, label(first(headers))] }));
}

/**
 * Rule 3: while places repeat, split by the first key that ends it, else by the first that changes anything. A key with more
 * values than there are images at one place does not tell volumes apart but slices (a time per slice, for example).
 */
function separateRepeats(part: Part): Part[] {
  const most = imagesAtOnePlace(part.headers);
  if (most === 1) return [part];
  const candidates = acquisitionKeys
    .map(({ key, label }) =>
      splitPart(
        part,
        (a, b) => a.acquisition[key] === b.acquisition[key],
        (header) => `${label} ${header.acquisition[key] || 'not stated'}`,
      ),
    )
    .filter((parts) => parts.length > 1 && parts.length <= most);
  const ending = candidates.find((parts) => parts.every(({ headers }) => imagesAtOnePlace(headers) === 1));
  return ending ?? candidates[0]?.flatMap(separateRepeats) ?? [part];
}

/** The largest number of images that lie at one place. */
function imagesAtOnePlace(headers: readonly DicomHeader[]): number {
  const places = headers.map(positionAlongNormal).sort((a, b) => a - b);
  let most = 1;
  let here = 1;
  places.forEach((place, at) => {
    const before = places[at - 1];
    here = before !== undefined && place - before < samePlaceMm ? here + 1 : 1;
    most = Math.max(most, here);
  });
  return most;
}

interface Surroundings extends Pick<SeriesFacts, 'patients' | 'repeated'> {
  readonly duplicates: ReadonlyMap<DicomHeader, readonly DicomHeader[]>;
}

function toGroup({ headers, splitBy }: Part, index: number, around: Surroundings): SeriesGroup {
  const sorted = [...headers].sort((a, b) => positionAlongNormal(a) - positionAlongNormal(b));
  const { seriesInstanceUid, seriesNumber, seriesDescription } = first(sorted);
  const name = [seriesNumber, seriesDescription].filter((part) => part !== '').join(' ') || seriesInstanceUid;
  const label = splitBy.length === 0 ? name : `${name} (${splitBy.join(', ')})`;
  const inspected: InspectedSlices = first(sorted).imageType.includes('MOSAIC')
    ? { problem: mosaicProblem(label), findings: [] }
    : inspectSlices(sorted, label);
  return {
    id: index === 0 ? seriesInstanceUid : `${seriesInstanceUid}#${index + 1}`,
    label,
    splitBy,
    headers: sorted,
    ...(inspected.geometry ? { geometry: inspected.geometry } : {}),
    ...(inspected.problem ? { problem: inspected.problem } : {}),
    duplicates: sorted.flatMap((kept) =>
      (around.duplicates.get(kept) ?? []).map((duplicate) => ({ duplicate, kept })),
    ),
    findings: [...imageFindings(sorted, label, { ...around, splitBy }), ...inspected.findings],
  };
}

/** Siemens' classic mosaic shows a stack's slices as tiles of one image; where each lies is not in standard attributes. */
function mosaicProblem(path: string): AppError {
  const reason = 'it is a Siemens mosaic, many slices in one image; let the scanner send it as enhanced MR';
  return new AppError('DICOM_UNSUPPORTED', { path, reason });
}

/** Groups in order of first appearance; each image joins the first group whose first image is the `same`. */
function partition(headers: readonly DicomHeader[], same: GridKey['same']): DicomHeader[][] {
  const parts: DicomHeader[][] = [];
  for (const header of headers) {
    const part = parts.find((candidate) => same(first(candidate), header));
    if (part) part.push(header);
    else parts.push([header]);
  }
  return parts;
}

function first(headers: readonly DicomHeader[]): DicomHeader {
  const [header] = headers;
  if (!header) throw new RangeError('A part of a series is never empty.');
  return header;
}
