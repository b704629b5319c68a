/**
 * LPIPS v0.1 (Zhang et al., CVPR 2018): how different two images look to a network trained on photographs. At each tapped layer the
 * features of both are scaled to unit length over their channels (1e-10 added to the length), the squared difference is weighted by
 * channel ("lin", learned from human judgements), averaged over the image, and summed over the layers. 0 for equal images; lower is better.
 */
import type { Executor } from '../tensor/executor.ts';
import { conv2d } from '../tensor/primitives/convolution.ts';
import { add, divide, multiply, sqrt, subtract } from '../tensor/primitives/elementwise.ts';
import { concat, slice } from '../tensor/primitives/layout.ts';
import { input } from '../tensor/primitives/leaves.ts';
import { mean, sum } from '../tensor/primitives/reductions.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { alexNetFeatures, alexNetSmallestSide, alexNetSpecs } from './networks/alexNet.ts';
import {
  parameter,
  parameterConstants,
  type ParameterSpec,
  type ParameterTensors,
} from './networks/parameterSpec.ts';
import { vggFeatures, vggSpecs } from './networks/vgg.ts';
import type { BatchExtents } from './steps/metaGradientStep.ts';

export const lpipsBackbones = ['alex', 'vgg'] as const;
export type LpipsBackbone = (typeof lpipsBackbones)[number];

interface Backbone {
  readonly trunkSpecs: () => ParameterSpec[];
  readonly features: (x: Tensor, parameters: ParameterTensors) => Tensor[];
  /** Channels of the tapped layers. */
  readonly widths: readonly number[];
  readonly smallestSide: number;
}

const vggTaps = ['relu1_2', 'relu2_2', 'relu3_3', 'relu4_3', 'relu5_3'] as const;

const backbones: Readonly<Record<LpipsBackbone, Backbone>> = {
  alex: {
    trunkSpecs: alexNetSpecs,
    features: alexNetFeatures,
    widths: [64, 192, 384, 256, 256],
    smallestSide: alexNetSmallestSide,
  },
  vgg: {
    trunkSpecs: () => vggSpecs(16, 'relu5_3'),
    features: (x, parameters) =>
      vggFeatures(x, parameters, { depth: 16, taps: vggTaps, imageNetNormalisation: true }),
    widths: [64, 128, 256, 512, 512],
    smallestSide: 16,
  },
};

/** Parameters of the trunk, torchvision's names. */
export function lpipsTrunkSpecs(backbone: LpipsBackbone): ParameterSpec[] {
  return backbones[backbone].trunkSpecs();
}

/** Weights of the channels, named as the published files name them: `lin{k}.model.1.weight` [1, c, 1, 1]. */
export function lpipsLinSpecs(backbone: LpipsBackbone): ParameterSpec[] {
  return backbones[backbone].widths.map((width, layer) => ({
    name: linName(layer),
    shape: [1, width, 1, 1],
    fanIn: width,
  }));
}

/** Images must be at least so high and wide. */
export function lpipsSmallestSide(backbone: LpipsBackbone): number {
  return backbones[backbone].smallestSide;
}

/** LPIPS of each pair x, y [n, 1, h, w] in [−1, 1] as [n, 1, 1, 1]; `parameters` holds trunk and channel weights. */
export function lpips(x: Tensor, y: Tensor, parameters: ParameterTensors, backbone: LpipsBackbone): Tensor {
  const [n = 0] = x.shape;
  const distances = backbones[backbone]
    .features(concat([x, y], 0), parameters)
    .map((features, layer): Tensor => {
      const unit = divide(features, add(sqrt(sum(multiply(features, features), [1])), 1e-10));
      const half = (start: number): Tensor => slice(unit, [start, 0, 0, 0], [n, ...unit.shape.slice(1)]);
      const difference = subtract(half(0), half(n));
      const weighted = conv2d(multiply(difference, difference), parameter(parameters, linName(layer)));
      return mean(weighted, [2, 3]);
    });
  return distances.reduce((total, distance) => add(total, distance));
}

/** LPIPS of n pairs of slices, each array [n, h, w] in [−1, 1]. */
export type CompareSlices = (x: Float32Array, y: Float32Array) => Promise<Float32Array>;

/** Compiles LPIPS for batches of [n, h, w]. Throws a RangeError when a weight is missing or the slices are too small. */
export async function createLpips(
  executor: Executor,
  backbone: LpipsBackbone,
  weights: ReadonlyMap<string, Float32Array>,
  [n, h, w]: BatchExtents,
): Promise<CompareSlices> {
  const parameters = parameterConstants([...lpipsTrunkSpecs(backbone), ...lpipsLinSpecs(backbone)], weights);
  const [x, y] = [input('x', [n, 1, h, w]), input('y', [n, 1, h, w])];
  const program = await executor.compile({ distance: lpips(x, y, parameters, backbone) });
  return async (first, second) => {
    const { distance } = await program.run({ x: first, y: second });
    if (!distance) throw new Error('LPIPS returned nothing.');
    const copy = (await distance.read()).slice();
    distance.dispose();
    return copy;
  };
}

function linName(layer: number): string {
  return `lin${layer}.model.1.weight`;
}
