/**
 * The convolutions of VGG-16 and VGG-19 (Simonyan & Zisserman 2015; torchvision's layout without batch normalisation): five stages of
 * 3×3 convolutions with ReLU, 2×2 max pooling between them. A tap is what leaves a ReLU: `relu3_4` is the fourth of the third stage.
 * Parameters carry torchvision's names, `features.{n}.weight|bias`, n counting convolutions, ReLUs and poolings alike.
 */
import { maxPool2d } from '../../tensor/functions/maxPool2d.ts';
import { padAll } from '../../tensor/primitives/convolution.ts';
import { relu } from '../../tensor/primitives/elementwise.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { grayToRgb } from './grayToRgb.ts';
import { convolve } from './layers.ts';
import { convolutionSpec, type ParameterSpec, type ParameterTensors } from './parameterSpec.ts';

export type VggDepth = 16 | 19;

/** Every ReLU of VGG-19; VGG-16 lacks the fourth of the stages 3, 4 and 5. */
export const vggTaps = [
  ...(['relu1_1', 'relu1_2', 'relu2_1', 'relu2_2'] as const),
  ...(['relu3_1', 'relu3_2', 'relu3_3', 'relu3_4'] as const),
  ...(['relu4_1', 'relu4_2', 'relu4_3', 'relu4_4'] as const),
  ...(['relu5_1', 'relu5_2', 'relu5_3', 'relu5_4'] as const),
] as const;
export type VggTap = (typeof vggTaps)[number];

export interface VggOptions {
  readonly depth: VggDepth;
  /** Wanted features, in the order of the result. */
  readonly taps: readonly VggTap[];
  /** Whether ImageNet's mean and deviation are taken off; pGAN does not. */
  readonly imageNetNormalisation: boolean;
}

interface VggLayer {
  readonly tap: VggTap;
  /** `features.{n}` of the convolution. */
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  /** Whether the stage before ends here, so that pooling comes first. */
  readonly pooled: boolean;
}

const stageWidths = [64, 128, 256, 512, 512] as const;
const stageLengths: Readonly<Record<VggDepth, readonly number[]>> = {
  16: [2, 2, 3, 3, 3],
  19: [2, 2, 4, 4, 4],
};

/** Names and shapes of the convolutions up to the tap `last`. Throws a RangeError for a tap the depth lacks. */
export function vggSpecs(depth: VggDepth, last: VggTap): ParameterSpec[] {
  return layersUpTo(depth, [last]).flatMap(({ name, inputs, outputs }) =>
    convolutionSpec(name, inputs, outputs, 3),
  );
}

/**
 * Features of x [n, 1, h, w] in [−1, 1], the channel repeated to three: one [n, c, h', w'] per tap, h' and w' halved (floored) from
 * stage to stage. Layers behind the last tap are not built.
 */
export function vggFeatures(
  x: Tensor,
  parameters: ParameterTensors,
  { depth, taps, imageNetNormalisation }: VggOptions,
): Tensor[] {
  const found = new Map<VggTap, Tensor>();
  let features = grayToRgb(x, imageNetNormalisation);
  for (const { tap, name, pooled } of layersUpTo(depth, taps)) {
    if (pooled) features = maxPool2d(features, 2);
    features = relu(convolve(features, parameters, name, { padding: padAll(1) }));
    found.set(tap, features);
  }
  return taps.flatMap((tap) => found.get(tap) ?? []);
}

function layersUpTo(depth: VggDepth, taps: readonly VggTap[]): VggLayer[] {
  const layers: VggLayer[] = [];
  let index = 0;
  let inputs = 3;
  for (const [stage, length] of stageLengths[depth].entries()) {
    const outputs = stageWidths[stage] ?? 0;
    for (let place = 1; place <= length; place++) {
      const tap = vggTaps.find((name) => name === `relu${stage + 1}_${place}`);
      if (!tap) throw new RangeError(`VGG-${depth} has no layer ${place} in stage ${stage + 1}.`);
      layers.push({ tap, name: `features.${index}`, inputs, outputs, pooled: stage > 0 && place === 1 });
      inputs = outputs;
      // The convolution and its ReLU.
      index += 2;
    }
    // The pooling.
    index += 1;
  }
  const places = taps.map((wanted) => layers.findIndex(({ tap }) => tap === wanted));
  if (places.length === 0 || places.includes(-1))
    throw new RangeError(`VGG-${depth} lacks one of the taps: ${taps.join(', ') || 'none are named'}.`);
  return layers.slice(0, Math.max(...places) + 1);
}
