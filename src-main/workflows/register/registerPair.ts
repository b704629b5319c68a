/**
 * Rigid registration of an MR and a CT: three resolutions, mutual information, from a start that `findStart` chooses. What is returned always places
 * the CT in the MR's space, whichever of the two the search held still: the sCT, the training slices and the views lie on the MR.
 */
import { composeAffine, invertAffine, type Affine } from '../../shared/affine.ts';
import type { StopSignal } from '../../shared/jobEvent.ts';
import type { OnProgress } from '../../shared/progress.ts';
import type { Volume } from '../../shared/volume.ts';
import { findStart, type RegistrationStart } from './findStart.ts';
import { moveVolume } from './moveVolume.ts';
import type { RegistrationLevel } from './registrationLevels.ts';

/**
 * Looks for the rigid motion that takes points of `fixed` to the same anatomy in `moving` (LPS mm → LPS mm), from where both lie.
 * Throws REGISTRATION_FAILED.
 */
export type RigidSearch = (fixed: Volume<Float32Array>, moving: Volume<Float32Array>) => Promise<Affine>;

export interface RegisterOptions {
  /** Which image the search holds still. */
  readonly fixed: 'mr' | 'ct';
  /** Whether both images name one frame of reference, or none. */
  readonly sharesFrame: boolean;
  /** Where a person has put the CT: the search begins there. */
  readonly placedByHand?: Affine;
  readonly search: RigidSearch;
  readonly signal: StopSignal;
  readonly onProgress: OnProgress;
}

export interface RegisteredPair {
  readonly ctToMr: Affine;
  readonly start: RegistrationStart;
}

/** Registers a pair given at rising resolutions. Throws NO_BODY_FOUND, what `search` throws, and the signal's reason between resolutions. */
export async function registerPair(
  levels: readonly RegistrationLevel[],
  { fixed, sharesFrame, placedByHand, search, signal, onProgress }: RegisterOptions,
): Promise<RegisteredPair> {
  const [coarsest] = levels;
  if (!coarsest) throw new RangeError('A pair is registered at one resolution at least.');
  const start: RegistrationStart = placedByHand
    ? { how: 'by-hand', ctToMr: placedByHand }
    : findStart(coarsest, sharesFrame);
  let ctToMr = start.ctToMr;
  for (const [done, { mr, ct }] of levels.entries()) {
    onProgress({ step: 'registering', done, total: levels.length });
    await breathe();
    signal.throwIfAborted();
    const placed = moveVolume(ct, ctToMr);
    const correction = fixed === 'mr' ? invertAffine(await search(mr, placed)) : await search(placed, mr);
    ctToMr = composeAffine(correction, ctToMr);
  }
  onProgress({ step: 'registering', done: levels.length, total: levels.length });
  return { ctToMr, start };
}

/** The search holds the thread; in between a request to stop can be heard. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
