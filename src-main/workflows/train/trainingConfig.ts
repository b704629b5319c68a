/**
 * Everything a training run is determined by besides its data. A configuration is a preset with the differences of a file or of the command
 * line; it is written whole into the run, so that a run explains itself.
 */
import { z } from 'zod';
import paper from '../../../resources/presets/paper.json' with { type: 'json' };
import quick from '../../../resources/presets/quick.json' with { type: 'json' };
import { AppError } from '../../shared/appError.ts';
import { featureParts, needsFeatures, resolveParts, trainingMethods } from '../../shared/trainingMethods.ts';
import { describeZodError } from '../files/describeZodError.ts';
import { isSettings, mergeSettings } from './mergeSettings.ts';
import { partOverridesSchema, partsSchema, settingsSchema } from './trainingSettings.ts';
import { upgradeSettings } from './upgradeConfig.ts';
import { withChosen } from './withChosen.ts';

const named = { method: z.enum(trainingMethods), preset: z.string() };

/** What is asked for: `parts` holds only those that differ from the method's. */
const requestSchema = settingsSchema.extend({ ...named, parts: partOverridesSchema.default({}) });

/** What is trained: `parts` holds all of them. */
export const trainingConfigSchema = settingsSchema
  .extend({ ...named, parts: partsSchema })
  .refine(({ constantEpochs, decayEpochs }) => constantEpochs + decayEpochs > 0, 'there are no epochs')
  .refine(
    ({ constantEpochs, decayEpochs, warmupEpochs }) =>
      warmupEpochs === 0 || warmupEpochs < constantEpochs + decayEpochs,
    { path: ['warmupEpochs'], message: 'the warm-up leaves no epoch' },
  )
  .refine(({ features, parts }) => features !== 'none' || featureParts.every((part) => !parts[part]), {
    path: ['parts'],
    message: 'the perceptual and the contextual loss need features: choose "vgg" or "random"',
  });

export type TrainingConfig = z.infer<typeof trainingConfigSchema>;

export const presets: Readonly<Record<string, object>> = { paper, quick };

/**
 * `preset` with `differences` (settings, validated; unknown ones are errors; those inside a group are replaced one by one). `epochs`
 * replaces the number of epochs, half of it constant, half decaying; a warm-up keeps its share. Throws CONFIG_INVALID, also where the
 * differences name another method or preset.
 */
export function makeTrainingConfig(
  method: string,
  preset: string,
  differences: unknown = {},
  epochs?: number,
): TrainingConfig {
  const base = presets[preset];
  if (!base) throw invalid(`there is no preset ${preset}; choose one of ${Object.keys(presets).join(', ')}`);
  if (!isSettings(differences)) throw invalid('the file does not hold one JSON object');
  const settings = withChosen(upgradeSettings(differences), { method, preset });
  const request = parse(requestSchema, mergeSettings(base, settings));
  const { features } = request;
  if (features === 'none' && needsFeatures(request.method))
    throw invalid(
      `features: ${request.method} differs from pgan by its feature loss alone; choose "vgg" or "random" (--features vgg19 or --features random)`,
    );
  const parts = resolveParts(request.method, request.parts, features);
  const config = parse(trainingConfigSchema, { ...request, parts });
  return epochs === undefined ? config : withEpochs(config, epochs);
}

function parse<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw invalid(describeZodError(parsed.error));
  return parsed.data;
}

function invalid(reason: string): AppError {
  return new AppError('CONFIG_INVALID', { reason });
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
