/**
 * From the raw map u to the pixel weights w of a mini-batch. The abstract's own form is smoothing 1, no scaling, floor 0, no memory; the
 * others are extensions, since a single step's map is noisy.
 */
import { abs, add, divide, multiply, subtract } from '../../tensor/primitives/elementwise.ts';
import { input } from '../../tensor/primitives/leaves.ts';
import { mean } from '../../tensor/primitives/reductions.ts';
import { sizeOf, type Tensor } from '../../tensor/tensor.ts';
import { normaliseWeights, smoothWeights } from './weightMap.ts';

export interface WeightShaping {
  /** Side of the window u is averaged over, odd. */
  readonly smoothing: number;
  /** `local`: u is divided by its mean magnitude around the pixel. */
  readonly scaling: 'none' | 'local';
  /** Share of an even weight that is mixed in, 0…1. */
  readonly floor: number;
}

/** Side of the window the local magnitude is a mean over, and the share of the batch's mean magnitude that is added to it. */
const localWindow = 15;
const leastShare = 1e-2;

/** u after scaling and smoothing. */
export function shapeMap(u: Tensor, { smoothing, scaling }: WeightShaping): Tensor {
  return smoothWeights(scaling === 'local' ? scaleLocally(u) : u, smoothing);
}

function scaleLocally(u: Tensor): Tensor {
  const magnitude = abs(u);
  // The tiny summand alone is left where no pixel has any slope.
  const least = add(multiply(mean(magnitude), leastShare), 1e-30);
  return divide(u, add(smoothWeights(magnitude, localWindow), least));
}

/**
 * The running mean over a slice's visits. u is taken in units of its mean magnitude over the batch: it shrinks as ∇V does, and the first maps
 * would rule all later ones. Inputs `memory` as u, and `kept` [n, 1, 1, 1]: the share of the result that is memory.
 */
export function rememberMap(u: Tensor): Tensor {
  const [n = 1] = u.shape;
  const relative = divide(u, add(mean(abs(u)), 1e-30));
  const kept = input('kept', [n, 1, 1, 1]);
  return add(relative, multiply(kept, subtract(input('memory', u.shape), relative)));
}

/** w of a batch of learned slices: they sum to 1, or to `floor` where no u is positive. */
export function weightsOf(u: Tensor, floor: number): Tensor {
  const w = normaliseWeights(u);
  return floor === 0 ? w : add(multiply(w, 1 - floor), floor / sizeOf(u.shape));
}

/**
 * w where some slices are well registered and count evenly: input `clean` [n, 1, 1, 1] (0 or 1). Every slice's share of the batch is what it
 * would be without weights; the learned weights divide up the others' share among them.
 */
export function weightsBesideClean(u: Tensor, floor: number): { readonly u: Tensor; readonly w: Tensor } {
  const [n = 1] = u.shape;
  const clean = input('clean', [n, 1, 1, 1]);
  const learned = subtract(1, clean);
  const learnedU = multiply(u, learned);
  const w = multiply(normaliseWeights(learnedU), multiply(mean(learned), 1 - floor));
  const even = divide(add(multiply(learned, floor), clean), sizeOf(u.shape));
  return { u: learnedU, w: add(w, even) };
}
