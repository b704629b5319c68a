/**
 * Losses on features of networks that are not trained: pGAN's perceptual loss on VGG-16 and the contextual loss on VGG-19. Their weights are
 * inputs of the step, `<network>.features.{n}.weight|bias`.
 */
import { gather } from '../../tensor/primitives/indexing.ts';
import { add } from '../../tensor/primitives/elementwise.ts';
import { input } from '../../tensor/primitives/leaves.ts';
import { extentAt, type Tensor } from '../../tensor/tensor.ts';
import { vggFeatures, vggSpecs, vggTaps, type VggTap } from '../networks/vgg.ts';
import { parameterInputs, type ParameterSpec } from '../networks/parameterSpec.ts';
import { contextualLoss, positionsOf, type ContextualForm } from './contextual.ts';
import { absoluteError, meanOf } from './pixel.ts';

export interface ContextualConfig extends ContextualForm {
  readonly factor: number;
  /** Taps of VGG-19. */
  readonly layers: readonly VggTap[];
  /** Positions drawn from a layer that has more, the same of both images; null: all of them. */
  readonly positions: number | null;
}

export interface FeatureLossConfig {
  readonly perceptual: { readonly factor: number } | null;
  readonly contextual: ContextualConfig | null;
}

export type FeatureNetwork = 'vgg16' | 'vgg19';

/** Their weights by parameter. */
export type FeatureWeights = ReadonlyMap<FeatureNetwork, ReadonlyMap<string, Float32Array>>;

/** pGAN's layer (Dar et al. 2019): before the second pooling. */
const perceptualTap: VggTap = 'relu2_2';

/** The networks a configuration needs, with the parameters to be fed. */
export function featureNetworks({
  perceptual,
  contextual,
}: FeatureLossConfig): ReadonlyMap<FeatureNetwork, readonly ParameterSpec[]> {
  const networks = new Map<FeatureNetwork, readonly ParameterSpec[]>();
  if (perceptual) networks.set('vgg16', vggSpecs(16, perceptualTap));
  const last = contextual && vggTaps.findLast((tap) => contextual.layers.includes(tap));
  if (last) networks.set('vgg19', vggSpecs(19, last));
  return networks;
}

/** Mean |φ(image) − φ(target)| over the whole batch, shape []; raw values go in, as pGAN has it. */
export function perceptualLoss(image: Tensor, target: Tensor): Tensor {
  const parameters = parameterInputs(vggSpecs(16, perceptualTap), 'vgg16.');
  const options = { depth: 16, taps: [perceptualTap], imageNetNormalisation: false } as const;
  const [features] = vggFeatures(image, parameters, options);
  const [wanted] = vggFeatures(target, parameters, options);
  if (!features || !wanted) throw new RangeError(`VGG-16 has no ${perceptualTap}.`);
  return meanOf(absoluteError(features, wanted));
}

/** The contextual losses of all layers added up, shape []. Layers with more positions than wanted take those of input `positions.<layer>`. */
export function layeredContextualLoss(image: Tensor, target: Tensor, config: ContextualConfig): Tensor {
  const specs = featureNetworks({ perceptual: null, contextual: config }).get('vgg19') ?? [];
  const parameters = parameterInputs(specs, 'vgg19.');
  const options = { depth: 19, taps: config.layers, imageNetNormalisation: true } as const;
  const extents = [extentAt(image.shape, 2), extentAt(image.shape, 3)] as const;
  const drawn = new Map(drawnPositions(config, extents).map(({ layer, count }) => [layer, count]));
  const wanted = vggFeatures(target, parameters, options).map(positionsOf);
  const features = vggFeatures(image, parameters, options).map(positionsOf);
  const losses = config.layers.map((layer, at) => {
    const [x, y] = [features[at], wanted[at]];
    if (!x || !y) throw new RangeError(`VGG-19 has no ${layer}.`);
    const count = drawn.get(layer);
    if (count === undefined) return contextualLoss(x, y, config);
    const indices = input(`positions.${layer}`, [count], 'int32');
    return contextualLoss(gather(x, indices, 2), gather(y, indices, 2), config);
  });
  return losses.reduce((total, loss) => add(total, loss));
}

/** Layers whose positions are drawn for images of [h, w]: how many of how many. */
export function drawnPositions(
  { layers, positions }: ContextualConfig,
  extents: readonly [number, number],
): { readonly layer: VggTap; readonly count: number; readonly available: number }[] {
  if (positions === null) return [];
  return layers.flatMap((layer) => {
    const available = positionCount(layer, extents);
    return available > positions ? [{ layer, count: positions, available }] : [];
  });
}

/** How many positions of each layer are compared for images of [h, w]. */
export function comparedPositions(
  { layers, positions }: ContextualConfig,
  extents: readonly [number, number],
): number[] {
  return layers.map((layer) => Math.min(positions ?? Infinity, positionCount(layer, extents)));
}

/** `relu3_4` lies behind two poolings. */
function positionCount(layer: VggTap, [h, w]: readonly [number, number]): number {
  const shrunk = 2 ** (Number(layer.charAt('relu'.length)) - 1);
  return Math.floor(h / shrunk) * Math.floor(w / shrunk);
}
