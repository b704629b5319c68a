/** The settings of a training run, one by one: their ranges and what they mean. `0`, `1`, `none` or `false` is the abstract where it says so. */
import { z } from 'zod';
import { vggTaps } from '../../learn/networks/vgg.ts';
import { featureSources } from '../../shared/trainingMethods.ts';

const count = z.number().int().positive();
const multipleOfFour = count.multipleOf(4);
const factor = z.number().nonnegative();
const share = z.number().min(0).max(1);

export const partsSchema = z.strictObject({
  weights: z.boolean(),
  perceptual: z.boolean(),
  contextual: z.boolean(),
  registration: z.boolean(),
});

/** Parts that differ from the method's own. */
export const partOverridesSchema = z.strictObject({
  weights: z.boolean().exactOptional(),
  perceptual: z.boolean().exactOptional(),
  contextual: z.boolean().exactOptional(),
  registration: z.boolean().exactOptional(),
});

export const settingsSchema = z.strictObject({
  generator: z.strictObject({
    /** Neighbouring slices the generator sees: 1 or 3. */
    inputChannels: z.union([z.literal(1), z.literal(3)]),
    ngf: count,
    blocks: count,
  }),
  discriminator: z.strictObject({ ndf: count }),
  /** In-plane spacing of the model grid, mm; slices stay the MR's own. */
  spacingMm: z.tuple([z.number().positive(), z.number().positive()]),
  /** Width (left–right) and height (anterior–posterior) of the training crop. */
  cropPx: z.tuple([multipleOfFour.min(32), multipleOfFour.min(32)]),
  batchSize: count,
  metaBatchSize: count,
  /** Slices of the meta batch computed at once: bounds its memory. */
  metaMicroBatch: count,
  constantEpochs: z.number().int().nonnegative(),
  decayEpochs: z.number().int().nonnegative(),
  /** Epochs before weights are learned, in which every pixel counts the same: an untrained network's map says little. 0: the abstract. */
  warmupEpochs: z.number().int().nonnegative(),
  /** Small batches bring an untrained network forward soonest; weights want large ones. */
  warmupBatchSize: count,
  /** Whether the method's feature losses and registration act in the warm-up as well; they are most of its cost. */
  warmupParts: z.boolean(),
  /** Slices visited per epoch; null: every training slice. */
  slicesPerEpoch: count.nullable(),
  learningRate: z.number().positive(),
  /**
   * Learning rate of the steps after the warm-up relative to the warm-up's; 1: the abstract. Where weights pick out the pixels that pull the
   * same way, their gradient is several times a plain one's, and a warmed-up Adam overshoots.
   */
  rateAfterWarmup: share.positive(),
  /** Which pairs are trained on: `clean` are the well-registered ones of the meta-validation alone. `all`: the abstract. */
  trainOn: z.enum(['all', 'clean']),
  /** Whether the well-registered pairs are trained on as well, with every pixel counting the same. */
  cleanInTraining: z.boolean(),
  /** Of the pixel loss (pGAN's λ_A); with registration of the correction loss. */
  pixelFactor: z.number().positive(),
  adversarialFactor: factor,
  /** Networks of the feature losses: the VGG weights that are installed, the same networks untrained, or no feature losses. */
  features: z.enum(featureSources, 'must be vgg (VGG-16 or VGG-19, as the loss needs), random or none'),
  perceptualFactor: factor,
  contextualFactor: factor,
  contextual: z.strictObject({
    /** `contextual`: Mechrez et al. 2018. `nearest`: the abstract's simpler mean of nearest cosine distances. */
    form: z.enum(['contextual', 'nearest']),
    /** h of Mechrez et al. */
    bandwidth: z.number().positive(),
    /** Layers of VGG-19, after their ReLU. */
    layers: z
      .array(z.enum(vggTaps))
      .min(1)
      .refine((layers) => new Set(layers).size === layers.length, 'a layer is named twice'),
    /** Positions drawn from a layer that has more; null: all of them. */
    positions: count.nullable(),
  }),
  /** Of the flow's smoothness; RegGAN has half of its correction factor. */
  smoothnessFactor: factor,
  dropout: z.number().min(0).max(0.9),
  /**
   * The virtual step that a pixel's use is judged by. `sgd`: the abstract, a plain gradient step on the weighted pixel loss alone.
   * `adam`: the generator's real step with all its losses and Adam's state. `preconditioned`: of that only Adam's scaling.
   */
  innerStep: z.enum(['sgd', 'preconditioned', 'adam']),
  /** Window over which u is averaged, odd; 1: the abstract. */
  weightSmoothing: count.max(15).refine((size) => size % 2 === 1, 'must be odd'),
  /** `local`: u is divided by its mean magnitude around the pixel. */
  weightScaling: z.enum(['none', 'local']),
  /** Share of an even weight that is mixed in; 0: the abstract. */
  weightFloor: share,
  /** How much of a slice's earlier u stays in its running mean over visits, at most; 0: the abstract. */
  weightMemory: z.number().min(0).lt(1),
  huWindow: z
    .strictObject({ lowHu: z.number(), highHu: z.number() })
    .refine(({ lowHu, highHu }) => lowHu < highHu, 'lowHu must be below highHu'),
  /** Training slices whose weights are summed up over the second half of the run. */
  watchedSlices: z.number().int().nonnegative(),
  /** Slices whose weight map and prediction are kept every epoch. */
  filmSlices: z.number().int().nonnegative(),
  seed: z.number().int().nonnegative(),
});
