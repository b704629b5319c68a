/**
 * Weights of a feature network that nobody trained: He's normal initialisation (He et al. 2015, N(0, 2 / fan-in)), zero biases. Such
 * features still separate edges and textures, but they are no substitute for ImageNet's: whoever uses them must say so.
 */
import { createRandom } from '../../shared/random.ts';
import { sizeOf } from '../../tensor/tensor.ts';
import type { ParameterSpec } from '../networks/parameterSpec.ts';

/** One array per parameter, the same for the same seed on every machine. */
export function randomFeatures(specs: readonly ParameterSpec[], seed: number): Map<string, Float32Array> {
  const random = createRandom(seed);
  return new Map(
    specs.map(({ name, shape, fanIn }) => {
      const values = new Float32Array(sizeOf(shape));
      const deviation = Math.sqrt(2 / fanIn);
      if (!name.endsWith('.bias'))
        for (let at = 0; at < values.length; at++) values[at] = deviation * random.normal();
      return [name, values];
    }),
  );
}
