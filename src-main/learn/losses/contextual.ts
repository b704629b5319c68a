/**
 * Contextual loss (Mechrez et al. 2018) of features, which compares images without asking what lies where: every feature of
 * the target should be matched by some feature of the generated image. Features are centred by the target's mean and brought to length 1;
 * d_ij = 1 − x_i·y_j, i over the generated image, j over the target.
 *
 * `contextual`: d relative to each i's nearest target, softmax over the targets with bandwidth h, −log of the mean over j of the best i.
 * `nearest`: the abstract's simpler mean over j of the least d_ij. The mean is over target features in both: over generated ones an image
 * whose features all equal one of the target's would be perfect.
 */
import { normaliseLength } from '../../tensor/functions/normaliseLength.ts';
import { softmax } from '../../tensor/functions/softmax.ts';
import {
  add,
  log,
  multiply,
  negate,
  reciprocal,
  relu,
  subtract,
} from '../../tensor/primitives/elementwise.ts';
import { reshape, transpose } from '../../tensor/primitives/layout.ts';
import { matmul } from '../../tensor/primitives/matmul.ts';
import { max, mean } from '../../tensor/primitives/reductions.ts';
import { extentAt, type Tensor } from '../../tensor/tensor.ts';

export interface ContextualForm {
  readonly form: 'contextual' | 'nearest';
  /** h; the simpler form has none. */
  readonly bandwidth: number;
}

const epsilon = 1e-5;
/** Relative distances beyond this have no weight left at any usual bandwidth; cut, they cannot overflow over constant regions. */
const farthest = 10;
const shortest = 1e-6;

/** The loss of `generated` against `target`, both [n, c, p] (p positions), shape []: the mean over the batch. */
export function contextualLoss(
  generated: Tensor,
  target: Tensor,
  { form, bandwidth }: ContextualForm,
): Tensor {
  const centre = mean(target, [0, 2]);
  const direction = (features: Tensor): Tensor => normaliseLength(subtract(features, centre), 1, shortest);
  const similarity = matmul(transpose(direction(generated), [0, 2, 1]), direction(target));
  // Matrices [n, i, j] are what the memory goes into: distances are taken of their extremes, and what is common to a row is left to the softmax.
  // Rounding must not make a distance negative.
  const leastDistance = (axis: 1 | 2): Tensor => relu(subtract(1, max(similarity, [axis])));
  if (form === 'nearest') return reshape(mean(leastDistance(1)), []);
  const relative = multiply(subtract(1, similarity), reciprocal(add(leastDistance(2), epsilon)));
  const closeness = relu(subtract(farthest, relative));
  const affinity = softmax(multiply(closeness, 1 / bandwidth), 2);
  const similar = mean(max(affinity, [1]), [2]);
  return reshape(mean(negate(log(add(similar, epsilon)))), []);
}

/** [n, c, h, w] → [n, c, h·w]. */
export function positionsOf(features: Tensor): Tensor {
  const [n, c, h, w] = [0, 1, 2, 3].map((axis) => extentAt(features.shape, axis)) as [
    number,
    number,
    number,
    number,
  ];
  return reshape(features, [n, c, h * w]);
}
