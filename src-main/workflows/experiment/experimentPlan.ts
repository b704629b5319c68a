/** The runs of an experiment, in the order they are made: every method once before the next seed, so that early results compare. */
import { createHash } from 'node:crypto';
import { createRandom } from '../../shared/random.ts';
import { neededRoles } from '../train/trainingRoles.ts';
import type { TrainingConfig } from '../train/trainingConfig.ts';
import { methodConfig, type Experiment } from './experimentFile.ts';

export interface PlanCase {
  readonly caseId: string;
  readonly role: 'train' | 'meta' | 'test';
  /** Digest of its images. */
  readonly hash: string;
}

export interface PlannedRun {
  /** Names method, seed and fold, and ends in a digest of configuration and data: a run of this name is this run. */
  readonly runId: string;
  readonly label: string;
  readonly seed: number;
  /** From 0; null without folds. */
  readonly fold: number | null;
  readonly config: TrainingConfig;
  readonly train: readonly string[];
  readonly meta: readonly string[];
  readonly test: readonly string[];
}

/** The plan over `cases` (without excluded ones). Throws CONFIG_INVALID. */
export function experimentPlan(experiment: Experiment, cases: readonly PlanCase[]): PlannedRun[] {
  const splits =
    experiment.folds === undefined
      ? [{ fold: null, cases }]
      : folded(cases, experiment.folds).map((split, fold) => ({ fold, cases: split }));
  return experiment.seeds.flatMap((seed) =>
    splits.flatMap(({ fold, cases: split }) =>
      experiment.methods.map(({ label }, at): PlannedRun => {
        const config = methodConfig(experiment, at, seed);
        const needed = neededRoles(config);
        const used = split.filter(({ role }) => role !== 'test' && needed.has(role));
        const idsOf = (role: PlanCase['role']): string[] =>
          split.filter((one) => one.role === role).map(({ caseId }) => caseId);
        const name = [slug(label), `s${seed}`, ...(fold === null ? [] : [`f${fold + 1}`])].join('-');
        return {
          runId: `${name}-${digest(config, used)}`,
          label,
          seed,
          fold,
          config,
          train: idsOf('train'),
          meta: idsOf('meta'),
          test: idsOf('test'),
        };
      }),
    ),
  );
}

/** For each fold the cases with the fold's share as `test`; test cases of other folds train, meta cases stay meta where they are not tested. */
function folded(cases: readonly PlanCase[], folds: number): PlanCase[][] {
  const order = createRandom(2234).shuffle(cases.map((_, at) => at));
  return Array.from({ length: folds }, (_, fold) =>
    cases.map((one, at): PlanCase => {
      if (order.indexOf(at) % folds === fold) return { ...one, role: 'test' };
      return one.role === 'test' ? { ...one, role: 'train' } : one;
    }),
  );
}

function digest(config: TrainingConfig, cases: readonly PlanCase[]): string {
  const data = cases.map(({ caseId, role, hash }) => [caseId, role, hash]);
  return createHash('sha256')
    .update(JSON.stringify([config, data]))
    .digest('hex')
    .slice(0, 8);
}

/** Letters, digits and dashes of a label, fit for a folder's name. */
export function slug(label: string): string {
  const plain = label
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 40);
  return plain === '' ? 'unnamed' : plain;
}
