/**
 * The plan of a phantom cohort: a seed and a misalignment per case. A small share of the cases is well aligned, as the abstract's
 * meta-validation set (11 %) presupposes; they lie at seeded places.
 */
import { createRandom } from '../../shared/random.ts';

export interface PhantomCohortOptions {
  readonly cases: number;
  readonly seed: number;
  /** Largest displacement in a misaligned case, mm. */
  readonly misalignMm: number;
  /** Share of well aligned cases; 0.11 unless told. */
  readonly alignedShare?: number;
  /** Number of the first patient; 1 unless told. */
  readonly firstNumber?: number;
}

export interface PhantomPlan {
  /** `PHANTOM-001` and so on. */
  readonly label: string;
  readonly seed: number;
  readonly misalignMm: number;
  readonly aligned: boolean;
}

/** Largest displacement of a well aligned case, mm. */
const ALIGNED_MM = 0.5;

/** The plans of a cohort: `ceil(alignedShare · cases)` of them are aligned to half a millimetre, the others as told. */
export function phantomCohort({
  cases,
  seed,
  misalignMm,
  alignedShare = 0.11,
  firstNumber = 1,
}: PhantomCohortOptions): PhantomPlan[] {
  const random = createRandom(seed);
  const order = random.shuffle(Array.from({ length: cases }, (_, n) => n));
  const aligned = new Set(order.slice(0, Math.ceil(alignedShare * cases - 1e-9)));
  return Array.from({ length: cases }, (_, n) => ({
    label: `PHANTOM-${String(n + firstNumber).padStart(3, '0')}`,
    seed: random.integer(2 ** 31),
    misalignMm: aligned.has(n) ? Math.min(ALIGNED_MM, misalignMm) : misalignMm,
    aligned: aligned.has(n),
  }));
}
