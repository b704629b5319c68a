/**
 * Registers the CT of a case to its MR, or puts it where a person has placed it: measures, writes the record, places the CT, and lets a pair that now
 * shares one space into the cohort.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import packageRecord from '../../../package.json' with { type: 'json' };
import { AppError } from '../../shared/appError.ts';
import { applyAffine, invertAffine, type Affine, type Vector3 } from '../../shared/affine.ts';
import type { StopSignal } from '../../shared/jobEvent.ts';
import type { OnProgress } from '../../shared/progress.ts';
import {
  identityAffine,
  rigidAffine,
  rigidFromAffine,
  type RigidTransform,
} from '../../shared/rigidTransform.ts';
import { fileHash } from '../../workflows/files/fileHash.ts';
import { writeRecord } from '../../workflows/files/record.ts';
import { timeStamp } from '../../workflows/files/timeStamp.ts';
import { readVolumeFile } from '../../workflows/files/volumeFile.ts';
import { gridCentre, judgeRegistration } from '../../workflows/register/judgeRegistration.ts';
import { registerPair, type RegisteredPair } from '../../workflows/register/registerPair.ts';
import {
  registrationLevels,
  registrationSpacingsMm,
  type RegistrationLevel,
} from '../../workflows/register/registrationLevels.ts';
import { appendAudit } from '../audit/auditLog.ts';
import { enrolCases } from '../importer/enrolCases.ts';
import { sharesFrame } from '../workspace/isRegistered.ts';
import type { CaseImage, CaseRecord } from '../workspace/caseRecord.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';
import { elastixFacts, elastixSearch } from './elastixSearch.ts';
import { renewComparisons } from '../library/renewComparisons.ts';
import { keepMeasured } from './keepMeasured.ts';
import { importedCtFile, placeCt } from './placedCt.ts';
import {
  affineOfMatrix,
  ctToMrOf,
  matrixOf,
  readRegistration,
  registrationPath,
  registrationRecordSchema,
  type RegistrationRecord,
} from './registrationRecord.ts';

export type PairImage = 'mr' | 'ct';

export interface RegisterCaseOptions {
  /** Which image the search holds still; the CT is what is placed in either case. */
  readonly fixed: PairImage;
  /** Where a person has put the CT (CT → MR): nothing is searched. */
  readonly placement?: RigidTransform;
  readonly signal: StopSignal;
  readonly onProgress: OnProgress;
}

type Pair = CaseRecord & { readonly mr: CaseImage; readonly ct: CaseImage };

/**
 * Throws CASE_NOT_FOUND, CASE_NO_PAIR, NO_BODY_FOUND, REGISTRATION_FAILED, CASE_CHANGED, read and write errors, and the signal's reason; then
 * nothing has changed.
 */
export async function registerCase(
  workspace: Workspace,
  caseId: string,
  { fixed, placement, signal, onProgress }: RegisterCaseOptions,
): Promise<RegistrationRecord> {
  const record = requirePair(await workspace.readCase(caseId));
  const previous = await readRegistration(workspace, record);
  onProgress({ step: 'reading the images', done: 0, total: 0 });
  const ctPath = join(workspace.casesDirectory, caseId, importedCtFile(record.ct, record.registration));
  const mr = await workspace.readVolume(caseId, 'mr');
  const ct = await readVolumeFile(ctPath);
  const mask = record.mask ? await workspace.readVolume(caseId, 'mask') : undefined;
  const inputs = await hashPair(workspace, record);
  signal.throwIfAborted();

  const levels = registrationLevels(mr, ct);
  const { ctToMr, start } = placement
    ? placedPair(placement, previous)
    : await registerPair(levels, {
        fixed,
        sharesFrame: sharesFrame(record),
        ...(previous?.origin === 'manual' ? { placedByHand: ctToMrOf(previous) } : {}),
        search: elastixSearch,
        signal,
        onProgress,
      });
  onProgress({ step: 'measuring mutual information', done: 0, total: 0 });
  const { quality, findings } = judgeRegistration({
    caseId,
    mr,
    ct,
    ...(mask ? { mask } : {}),
    coarse: finest(levels),
    ctToMr,
    startedAt: start.ctToMr,
  });
  signal.throwIfAborted();

  const registrationId = `reg-${timeStamp()}-${randomBytes(2).toString('hex')}`;
  const written: RegistrationRecord = {
    schemaVersion: 1,
    registrationId,
    createdAt: new Date().toISOString(),
    origin: placement ? 'manual' : 'automatic',
    program: `Ilium ${packageRecord.version}`,
    ...(placement ? {} : { search: { ...elastixFacts, spacingsMm: [...registrationSpacingsMm] } }),
    ...asRecorded(fixed, ctToMr, placement?.centreLps ?? originOf(gridCentre(mr), start.ctToMr)),
    start: { how: start.how, ctToMr: matrixOf(start.ctToMr) },
    quality,
    findings: findings.map((finding) => ({ ...finding, details: { ...finding.details } })),
    inputs,
  };
  onProgress({ step: 'writing', done: 0, total: 0 });
  // Minutes have passed, in which an image may have been imported anew, or the CT placed by someone else.
  const now = await readUnchanged(workspace, caseId, inputs);
  await writeRecord(registrationPath(workspace, caseId, registrationId), registrationRecordSchema, written);
  await placeCt(workspace, now, ct, { id: registrationId, ctToMr });
  await enrolCases(workspace, [{ caseId, isNew: false, volumes: ['ct'] }]);
  await keepMeasured(workspace, caseId, quality.mutualInformation.after);
  await appendAudit(workspace, {
    action: 'register',
    subject: caseId,
    inputs,
    details: { registration: registrationId, origin: written.origin, findings: findings.length },
  });
  await renewComparisons(workspace, caseId);
  return written;
}

function requirePair(record: CaseRecord): Pair {
  const { caseId, mr, ct } = record;
  if (!mr || !ct) throw new AppError('CASE_NO_PAIR', { case: caseId, missing: mr ? 'CT' : 'MR' });
  return { ...record, mr, ct };
}

type PairHashes = RegistrationRecord['inputs'];

async function hashPair(workspace: Workspace, { caseId, mr, ct, registration }: Pair): Promise<PairHashes> {
  const pathOf = (file: string): string => join(workspace.casesDirectory, caseId, file);
  return {
    mr: await fileHash(pathOf(mr.file)),
    ct: await fileHash(pathOf(importedCtFile(ct, registration))),
  };
}

/** The case as it is now. Throws CASE_CHANGED where its images are no longer those of `inputs`. */
async function readUnchanged(workspace: Workspace, caseId: string, inputs: PairHashes): Promise<Pair> {
  const now = requirePair(await workspace.readCase(caseId));
  const hashes = await hashPair(workspace, now);
  if (hashes.mr !== inputs.mr || hashes.ct !== inputs.ct)
    throw new AppError('CASE_CHANGED', { case: caseId });
  return now;
}

/** What a person has placed is judged against where the search before it began. */
function placedPair(placement: RigidTransform, previous: RegistrationRecord | null): RegisteredPair {
  return {
    ctToMr: rigidAffine(placement),
    start: previous
      ? { how: previous.start.how, ctToMr: affineOfMatrix(previous.start.ctToMr) }
      : { how: 'as-they-lie', ctToMr: identityAffine },
  };
}

/** The motion as the record holds it: of the image that was moved, about `centre` (a point of the CT) wherever that image has it. */
function asRecorded(
  fixed: PairImage,
  ctToMr: Affine,
  centre: Vector3,
): Pick<RegistrationRecord, 'fixed' | 'moving' | 'movingToFixed' | 'parameters'> {
  const moving = fixed === 'mr' ? 'ct' : 'mr';
  const affine = moving === 'ct' ? ctToMr : invertAffine(ctToMr);
  const { rotationsDegrees, translationMm, centreLps } = rigidFromAffine(
    affine,
    moving === 'ct' ? centre : applyAffine(ctToMr, centre),
  );
  return {
    fixed,
    moving,
    movingToFixed: matrixOf(affine),
    parameters: {
      rotationsDegrees: [...rotationsDegrees],
      translationMm: [...translationMm],
      centreLps: [...centreLps],
    },
  };
}

/** The point of the CT that a start puts at `point` of the MR. */
function originOf(point: Vector3, start: Affine): Vector3 {
  return applyAffine(invertAffine(start), point);
}

function finest(levels: readonly RegistrationLevel[]): RegistrationLevel {
  const last = levels.at(-1);
  if (!last) throw new RangeError('There is no resolution.');
  return last;
}
