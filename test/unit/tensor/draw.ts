import type { Random } from '../../../src-main/shared/random.ts';
import { sizeOf, type Shape } from '../../../src-main/tensor/tensor.ts';
import type { Drawn } from './primitiveCases.ts';

/** Values of `shape` as `drawn` says, rounded to float32 so that every evaluator starts from the same numbers. */
export function draw(random: Random, shape: Shape, drawn: Drawn): Float32Array {
  const count = sizeOf(shape);
  const ladder = random.shuffle(Array.from({ length: count }, (_, at) => (at - count / 2) * 0.1));
  const offset = random.uniform() * 0.04 + 0.01;
  return Float32Array.from({ length: count }, (_, at) => {
    switch (drawn) {
      case 'smooth':
        return random.normal();
      case 'positive':
        return 0.5 + 1.5 * random.uniform();
      case 'awayFromZero':
        return (random.uniform() < 0.5 ? -1 : 1) * (0.3 + 1.2 * random.uniform());
      case 'distinct':
        return ladder[at]! + offset;
    }
  });
}
