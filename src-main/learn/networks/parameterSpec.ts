/** Parameters of a network: names and shapes are data, so that files, optimiser and graph agree by construction. */
import { constant, input } from '../../tensor/primitives/leaves.ts';
import type { Shape, Tensor } from '../../tensor/tensor.ts';

export interface ParameterSpec {
  /** `<layer>.weight` or `<layer>.bias`, PyTorch layouts. */
  readonly name: string;
  readonly shape: Shape;
  /** Inputs that feed one output of the layer; bounds the initial biases. */
  readonly fanIn: number;
}

/** Values of parameters (or of something shaped like them) in the graph, by name. */
export type ParameterTensors = Readonly<Record<string, Tensor>>;

/** A convolution's weight [out, in, k, k] and bias [out]. */
export function convolutionSpec(
  layer: string,
  inputs: number,
  outputs: number,
  kernel: number,
): ParameterSpec[] {
  const fanIn = inputs * kernel * kernel;
  return [
    { name: `${layer}.weight`, shape: [outputs, inputs, kernel, kernel], fanIn },
    { name: `${layer}.bias`, shape: [outputs], fanIn },
  ];
}

/** A transposed convolution's weight [in, out, k, k] and bias [out]. */
export function transposedConvolutionSpec(
  layer: string,
  inputs: number,
  outputs: number,
  kernel: number,
): ParameterSpec[] {
  const fanIn = outputs * kernel * kernel;
  return [
    { name: `${layer}.weight`, shape: [inputs, outputs, kernel, kernel], fanIn },
    { name: `${layer}.bias`, shape: [outputs], fanIn },
  ];
}

/** Graph inputs for all parameters, named `<prefix><name>`. */
export function parameterInputs(specs: readonly ParameterSpec[], prefix: string): ParameterTensors {
  return Object.fromEntries(specs.map(({ name, shape }) => [name, input(`${prefix}${name}`, shape)]));
}

/** Fixed values for all parameters. Throws a RangeError when one is missing or has another size. */
export function parameterConstants(
  specs: readonly ParameterSpec[],
  values: ReadonlyMap<string, Float32Array>,
): ParameterTensors {
  return Object.fromEntries(
    specs.map(({ name, shape }) => {
      const data = values.get(name);
      if (!data) throw new RangeError(`There is no parameter ${name}.`);
      return [name, constant(data, shape)];
    }),
  );
}

/** The tensor called `name`, which must be there. */
export function parameter(parameters: ParameterTensors, name: string): Tensor {
  const tensor = parameters[name];
  if (!tensor) throw new RangeError(`There is no parameter ${name}.`);
  return tensor;
}
