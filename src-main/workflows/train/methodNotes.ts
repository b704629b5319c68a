/** What a reader of a run's log, card or report must know of its method, in sentences: where features come from, what a small crop changes. */
import { mostRegistrationLevels, registrationLevels } from '../../learn/networks/registration.ts';
import {
  methodParts,
  featureParts,
  type FeatureSource,
  type MethodPart,
} from '../../shared/trainingMethods.ts';
import type { TrainingConfig } from './trainingConfig.ts';

const networkOf: Readonly<Record<(typeof featureParts)[number], string>> = {
  perceptual: 'VGG-16',
  contextual: 'VGG-19',
};

const sourceOf: Readonly<Record<Exclude<FeatureSource, 'none'>, string>> = {
  vgg: 'with its published ImageNet weights',
  random: 'untrained, with random weights (features: random); such features are no substitute for ImageNet’s',
};

/** One sentence per fact; none for a method that is trained as published without feature losses of its own. */
export function methodNotes({ method, parts, features, cropPx }: TrainingConfig): string[] {
  const notes = featureParts.flatMap((part): string[] => {
    if (parts[part] && features !== 'none')
      return [`The ${part} loss looks through ${networkOf[part]} ${sourceOf[features]}.`];
    return methodParts[method][part] && !parts[part]
      ? [
          `Without the ${part} loss that belongs to ${method}${features === 'none' ? ' (features: none)' : ''}.`,
        ]
      : [];
  });
  const others: readonly MethodPart[] = ['weights', 'registration'];
  for (const part of others)
    if (parts[part] !== methodParts[method][part])
      notes.push(parts[part] ? `With ${part}, which ${method} has not.` : `Without ${part}, which ${method} has.`); // prettier-ignore
  const levels = registrationLevels([cropPx[1], cropPx[0]]);
  if (parts.registration && levels < mostRegistrationLevels)
    notes.push(
      `The registration network has ${levels} levels instead of ${mostRegistrationLevels}: the crop allows no more.`,
    );
  return notes;
}
