/** An experiment as people write it: a cohort, methods, seeds. Unknown keys are errors that name the place. */
import { z } from 'zod';
import { drawnSize } from '../../imaging/phantom/drawnSize.ts';
import { AppError } from '../../shared/appError.ts';
import { readRecord } from '../files/record.ts';
import { mergeSettings } from '../train/mergeSettings.ts';
import { makeTrainingConfig, type TrainingConfig } from '../train/trainingConfig.ts';
import { withChosen } from '../train/withChosen.ts';

const count = z.number().int().positive();
const settings = z.record(z.string(), z.unknown());

const phantomSchema = z.strictObject({
  /** Cases to train on and to choose the meta set from. */
  cases: count.min(4),
  /** Further cases, whose CT is the truth; they are never trained on. */
  testCases: count,
  seed: z.number().int().nonnegative().default(1),
  /** Largest displacement in the misaligned cases, mm. */
  misalignMm: z.number().nonnegative(),
  /** Share of `cases` that is well aligned, and share that becomes the meta set. */
  alignedShare: z.number().positive().max(0.9).default(0.11),
  /** `rank`: the meta set is chosen by mutual information, as the abstract does. `aligned`: it is the well-aligned cases, known exactly. */
  meta: z.enum(['rank', 'aligned']).default('rank'),
  /** How much contrast and noise of the MR differ between cases. */
  variety: z.number().min(0).max(1).default(0),
  /** A segmented CT to make the patients of, instead of drawing them: as `ilium phantom --from-ct CT --labels DIR`. */
  scan: z.strictObject({ ct: z.string(), labels: z.string() }).exactOptional(),
  /** Unless told: what drawn patients fill, or what the scan needs (`scannedGrid.ts`). */
  sizePx: z.tuple([count, count]).exactOptional(),
  spacingMm: z.number().positive().default(2),
  slices: count.exactOptional(),
  sliceSpacingMm: z.number().positive().default(5),
});

/** Phantoms of an experiment, with what was not told filled in. */
export const phantomCohortSchema = phantomSchema.transform((options) =>
  options.scan ? options : { ...drawnSize, ...options },
);

const experimentSchema = z
  .strictObject({
    title: z.string().min(1),
    /** Phantoms of its own, or the cases of the workspace with the roles they have. */
    cohort: z.union([z.strictObject({ phantom: phantomCohortSchema }), z.literal('workspace')]),
    preset: z.string(),
    /** Settings of every method that differ from the preset; the seed is among `seeds`. */
    base: settings.default({}),
    methods: z
      .array(
        z.strictObject({
          label: z.string().min(1),
          method: z.string(),
          /** Settings of this method that differ from `base`. */
          config: settings.default({}),
        }),
      )
      .min(1),
    seeds: z.array(z.number().int().nonnegative()).min(1),
    /** Cross-validation: every case that is not excluded is tested once. */
    folds: count.min(2).exactOptional(),
  })
  .superRefine(({ cohort, methods, seeds, folds }, context) => {
    const refuse = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    for (const [at, { label }] of methods.entries())
      if (methods.findIndex((one) => one.label === label) < at)
        refuse(['methods', at, 'label'], `there are two methods called ${label}`);
    if (new Set(seeds).size < seeds.length) refuse(['seeds'], 'a seed is there twice');
    if (folds !== undefined && cohort !== 'workspace')
      refuse(['folds'], 'phantoms have a test set of their own; folds are for the cases of a workspace');
  });

export type Experiment = z.infer<typeof experimentSchema>;
export type PhantomCohortOptions = z.infer<typeof phantomCohortSchema>;

/** Reads the file at `path`; every method's settings are checked as well. Throws FILE_NOT_FOUND, EXPERIMENT_INVALID with the place. */
export async function readExperiment(path: string): Promise<Experiment> {
  const experiment = await readRecord(path, experimentSchema, 'EXPERIMENT_INVALID');
  for (const at of experiment.methods.keys()) {
    try {
      for (const seed of experiment.seeds) methodConfig(experiment, at, seed);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'CONFIG_INVALID') throw error;
      const label = experiment.methods[at]?.label ?? '';
      const reason = `methods[${at}] (${label}): ${String(error.details['reason'])}`;
      throw new AppError('EXPERIMENT_INVALID', { path, reason }, { cause: error });
    }
  }
  return experiment;
}

/** The whole configuration of a method with a seed: preset, then `base`, then the method's own settings; none may say another seed. Throws CONFIG_INVALID. */
export function methodConfig(
  { preset, base, methods }: Experiment,
  at: number,
  seed: number,
): TrainingConfig {
  const chosen = methods[at];
  if (!chosen) throw new RangeError(`There is no method ${at}.`);
  return makeTrainingConfig(chosen.method, preset, withChosen(mergeSettings(base, chosen.config), { seed }));
}
