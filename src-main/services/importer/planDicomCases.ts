/**
 * Cases from DICOM display sets: which MR and which CT belong together, and which of several is taken.
 *
 * A case is one patient's MR study. Its MR is the axial original series with the most slices (the first of equals). Its CT shares the
 * MR's frame of reference; failing that, its study; failing that, the patient, if that patient has no other MR study. Whatever
 * is not taken is left out with a reason. Case ids are hashes without identity, the same again for the same study.
 */
import { createHash } from 'node:crypto';
import type { SeriesGroup } from '../../formats/dicom/groupSeries.ts';
import type { DicomHeader } from '../../formats/dicom/readDicomHeader.ts';
import { imageNormal } from '../../formats/dicom/sliceGeometry.ts';
import type { SourceSeries } from '../../formats/dicom/sourceSeries.ts';
import type { Finding } from '../../shared/finding.ts';
import type { CaseRecord } from '../workspace/caseRecord.ts';
import { errorFinding } from './errorFinding.ts';
import type { ImportPlan, LeftOut, LoadedImage, PlannedCase, PlannedImage } from './plannedCase.ts';

/** What tells whose images these are. */
interface Identity {
  readonly patientId: string;
  readonly studyInstanceUid: string;
  readonly frameOfReferenceUid: string;
}

interface Candidate extends Identity {
  readonly group: SeriesGroup;
  readonly modality: DicomHeader['modality'];
}

/** Plans cases from `groups`; `existing` cases of the workspace are completed rather than doubled. */
export function planDicomCases(
  groups: readonly SeriesGroup[],
  existing: readonly CaseRecord[],
  load: (group: SeriesGroup) => Promise<LoadedImage>,
): ImportPlan {
  const leftOut: LeftOut[] = groups.flatMap((group) =>
    group.problem === undefined
      ? []
      : [{ paths: pathsOf(group), reason: errorFinding(group.problem, group.label) }],
  );
  const candidates = groups.flatMap(toCandidate);
  const mrs = candidates.filter(({ modality }) => modality === 'MR');
  const cts = candidates.filter(({ modality }) => modality === 'CT');
  const toImage = ({ group }: Candidate): PlannedImage => ({
    kind: 'dicom',
    name: group.label,
    paths: pathsOf(group),
    load: () => load(group),
  });
  const notChosen = ({ group }: Candidate, chosen: Candidate): void => {
    const details = { chosen: chosen.group.label };
    leftOut.push({
      paths: pathsOf(group),
      reason: { code: 'series-not-chosen', severity: 'info', subject: group.label, details },
    });
  };

  const cases: PlannedCase[] = [];
  const used = new Map<Candidate, Candidate>();
  const mrStudies = byStudy(mrs);
  for (const study of mrStudies) {
    const mr = best(study);
    for (const other of study) if (other !== mr) notChosen(other, mr);
    const isOnly = mrStudies.filter(([first]) => first !== undefined && samePatient(first, mr)).length === 1;
    const partners = cts.filter((ct) => belongsTo(ct, mr, isOnly));
    const ct = partners.length === 0 ? undefined : best(closest(partners, mr));
    for (const partner of ct === undefined ? [] : partners) used.set(partner, ct ?? partner);
    const again = existing.filter(
      ({ mr: known }) => known?.source !== undefined && isStudyOf(known.source, mr),
    );
    const waiting = existing.filter((record) => record.mr === undefined && record.ct?.source !== undefined);
    const caseId = again[0]?.caseId ?? findHome(mr, waiting, (record) => record.ct?.source) ?? hashCaseId(mr);
    const chosen = { ...toImage(mr), findings: choiceFindings(mr, study.length) };
    const images = { mr: chosen, ...(ct === undefined ? {} : { ct: toImage(ct) }) };
    cases.push({ caseId, label: mr.patientId || caseId, images });
  }
  for (const [ct, chosen] of used) if (ct !== chosen) notChosen(ct, chosen);
  for (const study of byStudy(cts.filter((ct) => !used.has(ct)))) {
    const ct = best(study);
    for (const other of study) if (other !== ct) notChosen(other, ct);
    const { seriesInstanceUid } = ct.group.headers[0] ?? {};
    const waiting = existing.filter(
      (record) => record.ct === undefined || record.ct.source?.seriesInstanceUid === seriesInstanceUid,
    );
    const caseId = findHome(ct, waiting, (record) => record.mr?.source) ?? hashCaseId(ct);
    cases.push({ caseId, label: ct.patientId || caseId, images: { ct: toImage(ct) } });
  }
  return { cases, leftOut };
}

/** The paths of a display set's files, each once. */
export function pathsOf(group: SeriesGroup): string[] {
  return [...new Set(group.headers.map(({ name }) => name))];
}

/** Whether slices lie closer to axial than to any other plane. */
function isAxial({ group }: Candidate): boolean {
  const [header] = group.headers;
  return header !== undefined && Math.abs(imageNormal(header.imageOrientationPatient)[2]) > Math.SQRT1_2;
}

function isOriginal({ group }: Candidate): boolean {
  return group.headers[0]?.imageType[0] === 'ORIGINAL';
}

/** Stacks before single images, axial before others, original before derived, many slices before few; else the first. */
function best(candidates: readonly Candidate[]): Candidate {
  const [first, ...others] = candidates;
  if (first === undefined) throw new RangeError('A study has at least one series.');
  const rank = (candidate: Candidate): number[] => {
    const slices = candidate.group.headers.length;
    return [slices > 2, isAxial(candidate), isOriginal(candidate), slices].map(Number);
  };
  return others.reduce(
    (chosen, candidate) => (isGreater(rank(candidate), rank(chosen)) ? candidate : chosen),
    first,
  );
}

function isGreater(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at >= 0 && (a[at] ?? 0) > (b[at] ?? 0);
}

function toCandidate(group: SeriesGroup): Candidate[] {
  const [header] = group.headers;
  if (header === undefined || group.problem !== undefined) return [];
  const { modality, patient, study, frameOfReferenceUid } = header;
  return [
    {
      group,
      modality,
      patientId: patient.patientId,
      studyInstanceUid: study.studyInstanceUid,
      frameOfReferenceUid,
    },
  ];
}

/** An empty value identifies nobody. */
const same = (a: string, b: string): boolean => a !== '' && a === b;
const samePatient = (a: Identity, b: Identity): boolean => same(a.patientId, b.patientId);
const sameStudy = (a: Identity, b: Identity): boolean => same(a.studyInstanceUid, b.studyInstanceUid);
const sameFrame = (a: Identity, b: Identity): boolean => same(a.frameOfReferenceUid, b.frameOfReferenceUid);

/** Two patients who both have ids are never joined, whatever their UIDs say. */
function belongsTo(ct: Identity, mr: Identity, isOnlyMrStudy: boolean): boolean {
  if (ct.patientId !== '' && mr.patientId !== '' && !samePatient(ct, mr)) return false;
  return sameFrame(ct, mr) || sameStudy(ct, mr) || (isOnlyMrStudy && samePatient(ct, mr));
}

function closest(partners: readonly Candidate[], mr: Candidate): readonly Candidate[] {
  for (const relation of [sameFrame, sameStudy]) {
    const related = partners.filter((partner) => relation(partner, mr));
    if (related.length > 0) return related;
  }
  return partners;
}

function byStudy(candidates: readonly Candidate[]): Candidate[][] {
  const studies = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const key = `${candidate.patientId}\n${candidate.studyInstanceUid || candidate.frameOfReferenceUid}`;
    studies.set(key, [...(studies.get(key) ?? []), candidate]);
  }
  return [...studies.values()];
}

/** The one existing case these images complete: sharing the frame of reference, else the study, else the patient. */
function findHome(
  candidate: Candidate,
  records: readonly CaseRecord[],
  sourceOf: (record: CaseRecord) => NonNullable<CaseRecord['mr']>['source'],
): string | undefined {
  const homes = records.flatMap((record) => {
    const source = sourceOf(record);
    if (source === undefined) return [];
    const identity = identityOf(source);
    return belongsTo(candidate, identity, true) ? [{ record, identity }] : [];
  });
  for (const relation of [sameFrame, sameStudy, samePatient]) {
    const related = homes.filter(({ identity }) => relation(candidate, identity));
    if (related.length > 0) return related.length === 1 ? related[0]?.record.caseId : undefined;
  }
  return undefined;
}

function identityOf(source: SourceSeries): Identity {
  return {
    patientId: source.patient.patientId,
    studyInstanceUid: source.study.studyInstanceUid,
    frameOfReferenceUid: source.frameOfReferenceUid,
  };
}

function isStudyOf(source: SourceSeries, candidate: Candidate): boolean {
  const identity = identityOf(source);
  return identity.patientId === candidate.patientId && sameStudy(identity, candidate);
}

function hashCaseId({ patientId, studyInstanceUid, frameOfReferenceUid }: Identity): string {
  const digest = createHash('sha256')
    .update(`${patientId}\n${studyInstanceUid || frameOfReferenceUid}`)
    .digest('hex');
  return `case-${digest.slice(0, 8)}`;
}

function choiceFindings({ group: { label } }: Candidate, count: number): Finding[] {
  if (count < 2) return [];
  return [{ code: 'series-chosen', severity: 'info', subject: label, details: { count, chosen: label } }];
}
