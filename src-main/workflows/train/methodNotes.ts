/** What a reader of a run's log, card or report must know of its method, in sentences: where features come from, what a small crop changes. */
import { mostRegistrationLevels, registrationLevels } from '../../learn/networks/registration.ts';
import {
  methodParts,
  featureParts,
  type FeatureSource,
  type MethodPart,
} from '../../shared/trainingMethods.ts';
import type { RunRecord } from './runFolder.ts';
import type { UsedNetwork } from './usedNetwork.ts';

const networkOf: Readonly<Record<(typeof featureParts)[number], UsedNetwork['network']>> = {
  perceptual: 'vgg16',
  contextual: 'vgg19',
};

const titles: Readonly<Record<UsedNetwork['network'], string>> = { vgg16: 'VGG-16', vgg19: 'VGG-19' };

/** Published is said only of weights that are on record as such. */
function sourceOf(features: Exclude<FeatureSource, 'none'>, used: UsedNetwork | undefined): string {
  if (features === 'random')
    return 'untrained, with random weights (features: random); such features are no substitute for ImageNet’s';
  if (!used) return 'with the weights that were installed; which these were is not on record';
  return used.published
    ? 'with its published ImageNet weights'
    : `with weights that are not the published ones; nothing vouches for them (SHA-256 ${used.sha256.slice(0, 12)}…)`;
}

/** One sentence per fact; none for a method that is trained as published without feature losses of its own. */
export function methodNotes({ config, networks }: Pick<RunRecord, 'config' | 'networks'>): string[] {
  const { method, parts, features, cropPx } = config;
  const notes = featureParts.flatMap((part): string[] => {
    const network = networkOf[part];
    const used = networks?.find((one) => one.network === network);
    if (parts[part] && features !== 'none')
      return [`The ${part} loss looks through ${titles[network]} ${sourceOf(features, used)}.`];
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
