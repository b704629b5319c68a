/** What the window shows of a model's card besides its summary; a card of another maker may lack any of it. */
import type { ModelDetail } from '../../src-main/api/contract/models.ts';
import { featureSources, type FeatureSource } from '../../src-main/shared/trainingMethods.ts';

export interface ModelFacts {
  readonly intendedUse: string | null;
  /** What the feature losses of its training looked through. */
  readonly features: FeatureSource | null;
  /** Sentences on its method, in English. */
  readonly notes: readonly string[];
}

/** The facts of `card.json`. */
export function modelFacts(card: ModelDetail['card']): ModelFacts {
  const { intendedUse } = card;
  const training = groupOf(card['training']);
  const { features } = groupOf(training['config']);
  const notes: readonly unknown[] = Array.isArray(training['notes']) ? training['notes'] : [];
  return {
    intendedUse: typeof intendedUse === 'string' ? intendedUse : null,
    features: featureSources.find((source) => source === features) ?? null,
    notes: notes.filter((note) => typeof note === 'string'),
  };
}

function groupOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
