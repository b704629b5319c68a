/**
 * Configurations written by earlier versions. `weightDirection` has become `innerStep`,
 * `warmupFeatures` has become `warmupParts`; a run from before the feature losses had none of
 * them and no registration.
 */
const innerStepOf: Readonly<Record<string, string>> = { gradient: 'sgd', adam: 'preconditioned' };

/** What runs did before there was a setting for it. */
const before = {
  trainOn: 'all',
  cleanInTraining: false,
  features: 'none',
  perceptualFactor: 100,
  contextualFactor: 1,
  contextual: { form: 'contextual', bandwidth: 0.5, layers: ['relu3_4', 'relu4_4'], positions: null },
  smoothnessFactor: 50,
  weightScaling: 'none',
  weightFloor: 0,
  weightMemory: 0,
};

/** Settings that came after version 2 of the record, and what runs did before them. */
const since = { warmupParts: true, rateAfterWarmup: 1 };

/** Settings of any version with today's names; those of today go first. */
export function upgradeSettings(settings: object): object {
  const { weightDirection, warmupFeatures, ...rest } = settings as Readonly<Record<string, unknown>>;
  const innerStep = typeof weightDirection === 'string' ? innerStepOf[weightDirection] : undefined;
  return {
    ...(weightDirection === undefined ? {} : { innerStep: innerStep ?? weightDirection }),
    ...(warmupFeatures === undefined ? {} : { warmupParts: warmupFeatures }),
    ...rest,
  };
}

/** A run record of any version as today's; what is no record at all stays as it is. */
export function upgradeRunRecord(record: unknown): unknown {
  if (!isRecord(record) || !isRecord(record['config'])) return record;
  const { schemaVersion, config } = record;
  if (schemaVersion === 2) return { ...record, config: { ...since, ...upgradeSettings(config) } };
  if (schemaVersion !== 1) return record;
  const parts = {
    weights: config['method'] === 'meta',
    perceptual: false,
    contextual: false,
    registration: false,
  };
  return { ...record, schemaVersion: 2, config: { ...before, ...since, parts, ...upgradeSettings(config) } };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
