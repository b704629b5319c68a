/**
 * Whether a registration can be believed: mutual information before and after, how the bodies lie on each other, how far the CT was moved.
 * What is implausible becomes a finding, never an error: a person looks at the checkerboard and decides.
 */
import { bodyMask } from '../../imaging/mask/bodyMask.ts';
import { applyAffine, composeAffine, invertAffine, type Affine, type Vector3 } from '../../shared/affine.ts';
import type { Finding } from '../../shared/finding.ts';
import { turnDegrees } from '../../shared/rigidTransform.ts';
import type { Volume } from '../../shared/volume.ts';
import { pairBody, pairInformation } from '../rank/pairInformation.ts';
import { bodyCoverage, bodyOverlap } from './bodyOverlap.ts';
import { moveGrid, moveVolume } from './moveVolume.ts';
import type { RegistrationLevel } from './registrationLevels.ts';

/** Beyond these a registration of one patient's pelvis, lying on two couches, is not plausible without being looked at. */
export const registrationLimits = {
  /** Turn against the start, about any axis. */
  turnDegrees: 10,
  /** Shift of the MR's centre against the start. */
  shiftMm: 50,
  /** Dice of the bodies where both images reach. */
  bodyOverlap: 0.85,
  /** Share of the MR's body that the CT reaches. */
  coverage: 0.5,
} as const;

export interface RegistrationQuality {
  /** In nats inside the MR's body, as `rank` measures it; null where an image is constant there. */
  readonly mutualInformation: { readonly before: number | null; readonly after: number | null };
  readonly bodyOverlap: number;
  readonly coverage: number;
  /** Against where the search began. */
  readonly turnDegrees: number;
  readonly shiftMm: number;
}

export interface PairToJudge {
  readonly caseId: string;
  readonly mr: Volume;
  /** As it lies in its own file. */
  readonly ct: Volume;
  readonly mask?: Volume;
  /** The same pair, coarser: bodies are compared there. */
  readonly coarse: RegistrationLevel;
  readonly ctToMr: Affine;
  /** Where the search began. */
  readonly startedAt: Affine;
}

/** Measures and words what is implausible. Throws NO_BODY_FOUND. */
export function judgeRegistration(pair: PairToJudge): {
  readonly quality: RegistrationQuality;
  readonly findings: readonly Finding[];
} {
  const { caseId, mr, ct, mask, coarse, ctToMr, startedAt } = pair;
  const body = pairBody(mr, mask, caseId);
  const coarseBody = bodyMask(coarse.mr, { dilationMm: 0, subject: caseId });
  const ctBody = bodyMask(coarse.ct, { dilationMm: 0, subject: caseId });
  const motion = composeAffine(ctToMr, invertAffine(startedAt));
  const quality: RegistrationQuality = {
    mutualInformation: {
      before: pairInformation(mr, ct, body)?.mutualInformation ?? null,
      after: pairInformation(mr, moveVolume(ct, ctToMr), body)?.mutualInformation ?? null,
    },
    bodyOverlap: bodyOverlap(coarseBody, moveVolume(ctBody, ctToMr)),
    coverage: bodyCoverage(coarseBody, moveGrid(coarse.ct.grid, ctToMr)),
    turnDegrees: turnDegrees(motion),
    shiftMm: shiftOf(motion, gridCentre(mr)),
  };
  return { quality, findings: registrationFindings(caseId, quality) };
}

/** One warning per limit that is passed. */
export function registrationFindings(caseId: string, quality: RegistrationQuality): Finding[] {
  const { before, after } = quality.mutualInformation;
  const findings: Finding[] = [];
  const warn = (code: string, details: Finding['details']): void => {
    findings.push({ code, severity: 'warning', subject: caseId, details });
  };
  const limits = registrationLimits;
  const percent = (share: number): string => (100 * share).toFixed(0);
  if (quality.turnDegrees > limits.turnDegrees)
    warn('registration-turned', { degrees: quality.turnDegrees.toFixed(1), limit: limits.turnDegrees });
  if (quality.shiftMm > limits.shiftMm)
    warn('registration-shifted', { millimetres: quality.shiftMm.toFixed(0), limit: limits.shiftMm });
  if (after === null || (before !== null && after < before))
    warn('registration-worse', { before: before?.toFixed(3) ?? '–', after: after?.toFixed(3) ?? '–' });
  if (quality.bodyOverlap < limits.bodyOverlap)
    warn('registration-bodies-apart', {
      overlap: percent(quality.bodyOverlap),
      limit: percent(limits.bodyOverlap),
    });
  if (quality.coverage < limits.coverage)
    warn('registration-little-cover', {
      share: percent(quality.coverage),
      limit: percent(limits.coverage),
    });
  return findings;
}

/** The middle of a volume, LPS mm. */
export function gridCentre({ grid: { size, indexToLps } }: Volume): Vector3 {
  const [nx, ny, nz] = size;
  return applyAffine(indexToLps, [(nx - 1) / 2, (ny - 1) / 2, (nz - 1) / 2]);
}

function shiftOf(motion: Affine, point: Vector3): number {
  const [x, y, z] = applyAffine(motion, point);
  return Math.hypot(x - point[0], y - point[1], z - point[2]);
}
