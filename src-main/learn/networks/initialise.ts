/** Initial parameters: weights N(0, 0.02) as pGAN, biases uniform in ±1/√fan-in (the framework default pGAN leaves them at). */
import { createRandom } from '../../shared/random.ts';
import { sizeOf } from '../../tensor/tensor.ts';
import type { ParameterSpec } from './parameterSpec.ts';

/** One array per parameter, the same for the same seed. */
export function initialise(specs: readonly ParameterSpec[], seed: number): Map<string, Float32Array> {
  const random = createRandom(seed);
  return new Map(
    specs.map(({ name, shape, fanIn }) => {
      const bound = 1 / Math.sqrt(fanIn);
      const draw = name.endsWith('.bias')
        ? (): number => (2 * random.uniform() - 1) * bound
        : (): number => 0.02 * random.normal();
      return [name, Float32Array.from({ length: sizeOf(shape) }, draw)];
    }),
  );
}
