/** The trained generator as a function of slices. Its weights are fixed in the graph, which runs faster than feeding them. */
import type { Executor } from '../tensor/executor.ts';
import { input } from '../tensor/primitives/leaves.ts';
import { generate, generatorSpecs, type GeneratorConfig } from './networks/generator.ts';
import { parameterConstants, type ParameterTensors } from './networks/parameterSpec.ts';
import type { BatchExtents } from './steps/metaGradientStep.ts';

export type ParameterValues = ReadonlyMap<string, Float32Array>;

/** Translates slices x [n, k, h, w] in [−1, 1] to [n, 1, h, w] in (−1, 1); no dropout. */
export type Translate = (x: Float32Array) => Promise<Float32Array>;

/** The generator's parameters as constants. Throws a RangeError when one is missing or has another size. */
export function constantParameters(config: GeneratorConfig, values: ParameterValues): ParameterTensors {
  return parameterConstants(generatorSpecs(config), values);
}

/** Compiles the generator for batches of [n, h, w]; h and w multiples of 4. */
export async function createTranslator(
  executor: Executor,
  config: GeneratorConfig,
  values: ParameterValues,
  [n, h, w]: BatchExtents,
): Promise<Translate> {
  const x = input('x', [n, config.inputChannels, h, w]);
  const program = await executor.compile({ y: generate(x, constantParameters(config, values), config) });
  return async (slices) => {
    const { y } = await program.run({ x: slices });
    if (!y) throw new Error('The generator returned nothing.');
    const copy = (await y.read()).slice();
    y.dispose();
    return copy;
  };
}
