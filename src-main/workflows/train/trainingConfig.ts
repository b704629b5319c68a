/**
 * Everything a training run is determined by besides its data. A configuration is a preset with the differences of a file or of the command
 * line; it is written whole into the run, so that a run explains itself.
 */
import { z } from 'zod';
import paper from '../../../resources/presets/paper.json' with { type: 'json' };
import quick from '../../../resources/presets/quick.json' with { type: 'json' };
import { AppError } from '../../shared/appError.ts';
import { describeZodError } from '../files/record.ts';

const count = z.number().int().positive();
const multipleOfFour = count.multipleOf(4);

const settingsSchema = z.strictObject({
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
  /** Slices visited per epoch; null: every training slice. */
  slicesPerEpoch: count.nullable(),
  learningRate: z.number().positive(),
  pixelFactor: z.number().positive(),
  adversarialFactor: z.number().nonnegative(),
  dropout: z.number().min(0).max(0.9),
  /** `gradient`: the abstract. `adam`: the validation gradient preconditioned as Adam's step will be. */
  weightDirection: z.enum(['gradient', 'adam']),
  /** Window over which u is averaged, odd; 1: the abstract. */
  weightSmoothing: count.max(15).refine((size) => size % 2 === 1, 'must be odd'),
  huWindow: z
    .strictObject({ lowHu: z.number(), highHu: z.number() })
    .refine(({ lowHu, highHu }) => lowHu < highHu, 'lowHu must be below highHu'),
  /** Training slices whose weights are summed up over the second half of the run. */
  watchedSlices: z.number().int().nonnegative(),
  /** Slices whose weight map and prediction are kept every epoch. */
  filmSlices: z.number().int().nonnegative(),
  seed: z.number().int().nonnegative(),
});

export const trainingMethods = ['pgan', 'meta'] as const;

export const trainingConfigSchema = settingsSchema
  .extend({ method: z.enum(trainingMethods), preset: z.string() })
  .refine(({ constantEpochs, decayEpochs }) => constantEpochs + decayEpochs > 0, 'there are no epochs')
  .refine(
    ({ constantEpochs, decayEpochs, warmupEpochs }) =>
      warmupEpochs === 0 || warmupEpochs < constantEpochs + decayEpochs,
    { path: ['warmupEpochs'], message: 'the warm-up leaves no epoch' },
  );

export type TrainingConfig = z.infer<typeof trainingConfigSchema>;

export const presets: Readonly<Record<string, object>> = { paper, quick };

/**
 * `preset` with `differences` (top-level settings, validated; unknown ones are errors). `epochs` replaces the number of epochs, half
 * of it constant, half decaying; a warm-up keeps its share. Throws CONFIG_INVALID.
 */
export function makeTrainingConfig(
  method: string,
  preset: string,
  differences: unknown = {},
  epochs?: number,
): TrainingConfig {
  const base = presets[preset];
  if (!base)
    throw new AppError('CONFIG_INVALID', {
      reason: `there is no preset ${preset}; choose one of ${Object.keys(presets).join(', ')}`,
    });
  if (typeof differences !== 'object' || differences === null || Array.isArray(differences))
    throw new AppError('CONFIG_INVALID', { reason: 'the file does not hold one JSON object' });
  const parsed = trainingConfigSchema.safeParse({ ...base, ...differences, method, preset });
  if (!parsed.success) throw new AppError('CONFIG_INVALID', { reason: describeZodError(parsed.error) });
  return epochs === undefined ? parsed.data : withEpochs(parsed.data, epochs);
}

function withEpochs(config: TrainingConfig, epochs: number): TrainingConfig {
  const share = config.warmupEpochs / (config.constantEpochs + config.decayEpochs);
  return {
    ...config,
    constantEpochs: Math.ceil(epochs / 2),
    decayEpochs: Math.floor(epochs / 2),
    warmupEpochs: Math.min(epochs - 1, Math.round(share * epochs)),
  };
}
