/**
 * Which images are copies of others. A SOP Instance UID should name one image in the world (DICOM PS3.5 9.1), and some programs give the
 * same one to many: an image is a copy only if it also is of the same patient and series, of the same size and at the same place.
 */
import type { DicomHeader } from './readDicomHeader.ts';
import { samePatient } from './samePatient.ts';

/** A file that is met a second time. */
export interface DuplicateInstance {
  readonly duplicate: DicomHeader;
  readonly kept: DicomHeader;
}

export interface RepeatedUids {
  /** Different images of which several carry one UID; all of them are kept. */
  readonly repeated: ReadonlySet<DicomHeader>;
}

export interface FoundInstances extends RepeatedUids {
  /** In the order they were given. */
  readonly unique: readonly DicomHeader[];
  /** Copies by the image that is kept. */
  readonly duplicates: ReadonlyMap<DicomHeader, readonly DicomHeader[]>;
}

/** Positions and directions that were written twice with other digits still are the same, mm and cosines. */
const roundedAway = 1e-3;

/** Sorts copies out. Images without a UID are all taken for different ones. */
export function findInstances(headers: readonly DicomHeader[]): FoundInstances {
  const byUid = new Map<string, DicomHeader[]>();
  const unique: DicomHeader[] = [];
  const duplicates = new Map<DicomHeader, DicomHeader[]>();
  for (const header of headers) {
    const key = `${header.sopInstanceUid} ${header.frame}`;
    const alike = byUid.get(key) ?? [];
    const kept = alike.find((one) => isCopy(one, header));
    if (kept) {
      duplicates.set(kept, [...(duplicates.get(kept) ?? []), header]);
      continue;
    }
    unique.push(header);
    if (header.sopInstanceUid === '') continue;
    alike.push(header);
    byUid.set(key, alike);
  }
  const repeated = [...byUid.values()].filter((alike) => alike.length > 1);
  return { unique, duplicates, repeated: new Set(repeated.flat()) };
}

const near = (a: readonly number[], b: readonly number[]): boolean =>
  a.every((value, at) => Math.abs(value - (b[at] ?? NaN)) <= roundedAway);

function isCopy(a: DicomHeader, b: DicomHeader): boolean {
  return (
    samePatient(a.patient, b.patient) &&
    a.seriesInstanceUid === b.seriesInstanceUid &&
    a.rows === b.rows &&
    a.columns === b.columns &&
    near(a.imagePositionPatient, b.imagePositionPatient) &&
    near(a.imageOrientationPatient, b.imageOrientationPatient)
  );
}
