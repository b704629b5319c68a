/**
 * The CT moved by hand against the MR: six numbers, every change with undo and redo, shown as it is moved. Nothing reaches the workspace before
 * it is saved. The voxels stay where they are on the graphics card: only their place in the patient's space changes.
 */
import { composeAffine, type Affine } from '../../src-main/shared/affine.ts';
import {
  identityAffine,
  rigidAffine,
  rigidFromAffine,
  turnAbout,
  type RigidTransform,
} from '../../src-main/shared/rigidTransform.ts';
import { affineOf, applyAffine, gridCentre, invertAffine, scale, type Vector3 } from '../lib/geometry.ts';
import type { LoadedVolume } from '../lib/volume.ts';
import { compare } from './compare.svelte.ts';
import { study } from './study.svelte.ts';

/** What one press of a key moves and turns. */
export const nudgeSteps = {
  coarse: { mm: 2, degrees: 1 },
  fine: { mm: 0.2, degrees: 0.1 },
} as const;
export type NudgeStep = keyof typeof nudgeSteps;

export type NudgePart = 'rotationsDegrees' | 'translationMm';

class Nudge {
  active = $state(false);
  step = $state<NudgeStep>('coarse');
  /** CT → MR as it is shown; null while nothing is nudged. */
  current = $state.raw<RigidTransform | null>(null);
  /** Which registration the case had when the CT was taken in hand. */
  #registration: string | null = null;
  /** As the case has it. */
  #saved = $state.raw<RigidTransform | null>(null);
  #past = $state.raw<readonly RigidTransform[]>([]);
  #future = $state.raw<readonly RigidTransform[]>([]);

  readonly canUndo = $derived(this.#past.length > 0);
  readonly canRedo = $derived(this.#future.length > 0);
  readonly isChanged = $derived(
    this.current !== null && JSON.stringify(this.current) !== JSON.stringify(this.#saved),
  );
  /** From where the CT lies now to where it is shown, LPS mm → LPS mm. */
  readonly motion: Affine = $derived(
    this.current && this.#saved
      ? composeAffine(rigidAffine(this.current), invertAffine(rigidAffine(this.#saved)))
      : identityAffine,
  );
  /** The CT where it is shown. */
  readonly ct: LoadedVolume | undefined = $derived.by(() => {
    const volume = study.shown('ct');
    if (!volume || !this.isChanged) return volume;
    return { ...volume, indexToLps: composeAffine(this.motion, affineOf(volume)) };
  });

  /** Takes the CT in hand where it lies, over the MR. */
  begin(): void {
    const { detail } = study;
    if (this.active || !detail?.mr || !detail.ct) return;
    this.#saved = detail.registration?.ctToMr ?? {
      rotationsDegrees: [0, 0, 0],
      translationMm: [0, 0, 0],
      centreLps: gridCentre(detail.mr),
    };
    this.#registration = detail.registration?.registrationId ?? null;
    this.current = this.#saved;
    this.#past = [];
    this.#future = [];
    this.active = true;
    if (compare.mode !== 'side') return;
    compare.choosePair(['mr', 'ct']);
    compare.choose('checker');
  }

  /** The case has been registered anew, or another one is open: what was in hand no longer holds. */
  follow(): void {
    const { detail } = study;
    if (this.active && (detail?.registration?.registrationId ?? null) !== this.#registration) this.end();
  }

  /** Lets go; what was moved and not saved can be taken up again by the result, as long as the case lies as it did. Null for nothing moved. */
  leave(): (() => void) | null {
    const { current, isChanged } = this;
    const [caseId, past, registration] = [study.caseId, this.#past, this.#registration];
    this.end();
    if (!isChanged || !current) return null;
    return () => {
      const isSame = (study.detail?.registration?.registrationId ?? null) === registration;
      if (this.active || study.caseId !== caseId || !isSame) return;
      this.begin();
      this.#past = past;
      this.current = current;
    };
  }

  /** Lets go; what was not saved is gone. */
  end(): void {
    this.active = false;
    this.current = null;
    this.#saved = null;
    this.#past = [];
    this.#future = [];
  }

  /** Shifts by so many steps along a direction of the patient's space. */
  shift(direction: Vector3, steps: number): void {
    const [x, y, z] = scale(direction, steps * nudgeSteps[this.step].mm);
    this.#move([1, 0, 0, x, 0, 1, 0, y, 0, 0, 1, z]);
  }

  /** Turns by so many steps about an axis through a point, right-handed. */
  turn(axis: Vector3, steps: number, about: Vector3): void {
    this.#move(turnAbout(axis, steps * nudgeSteps[this.step].degrees, about));
  }

  /** Sets one of the six numbers. */
  set(part: NudgePart, axis: 0 | 1 | 2, value: number): void {
    const { current } = this;
    if (!current || current[part][axis] === value) return;
    const values: [number, number, number] = [...current[part]];
    values[axis] = value;
    this.#change({ ...current, [part]: values });
  }

  /** Back to where the case has the CT; can be undone. */
  reset(): void {
    if (this.#saved && this.isChanged) this.#change(this.#saved);
  }

  undo(): void {
    const before = this.#past.at(-1);
    if (!before || !this.current) return;
    this.#future = [...this.#future, this.current];
    this.#past = this.#past.slice(0, -1);
    this.current = before;
  }

  redo(): void {
    const after = this.#future.at(-1);
    if (!after || !this.current) return;
    this.#past = [...this.#past, this.current];
    this.#future = this.#future.slice(0, -1);
    this.current = after;
  }

  /** The point of the CT, as it lies in memory, that is shown at `lps`. */
  beneath(lps: Vector3): Vector3 {
    return this.isChanged ? applyAffine(invertAffine(this.motion), lps) : lps;
  }

  #move(motion: Affine): void {
    const { current } = this;
    if (!current) return;
    this.#change(rigidFromAffine(composeAffine(motion, rigidAffine(current)), current.centreLps));
  }

  #change(next: RigidTransform): void {
    if (!this.current) return;
    this.#past = [...this.#past, this.current];
    this.#future = [];
    this.current = next;
  }
}

export const nudge = new Nudge();
