/** Which runs are to be compared, in order: the first is what the others are compared with. And what one should know before. */
import type { ComparableRun } from '../../src-main/api/contract/comparison.ts';
import type { CohortCaseView } from '../../src-main/api/contract/training.ts';
import { formatNumber } from '../lib/format.ts';
import { t } from '../lib/i18n.svelte.ts';

export class ComparisonChoice {
  runs = $state.raw<readonly ComparableRun[]>([]);
  /** Cases with the role `test`. */
  tests = $state.raw<readonly CohortCaseView[]>([]);
  #wanted = $state.raw<readonly string[]>([]);
  readonly #remember: (runs: readonly string[]) => void;

  /** Those chosen that are still there. */
  readonly chosen = $derived(
    this.#wanted.flatMap((run) => this.runs.find((one) => one.run === run && one.hasGenerator) ?? []),
  );
  readonly warnings = $derived(warningsOf(this.chosen, this.tests));

  constructor(remember: (runs: readonly string[]) => void) {
    this.#remember = remember;
  }

  /** Its place among the chosen; -1 where it is none. */
  placeOf(run: string): number {
    return this.chosen.findIndex((one) => one.run === run);
  }

  /** Of these test cases, how many the run was trained on or judged by. */
  seenBy(run: ComparableRun): number {
    return seenCases(run, this.tests).length;
  }

  toggle(run: string): void {
    const others = this.chosen.map((one) => one.run).filter((one) => one !== run);
    this.choose(this.placeOf(run) >= 0 ? others : [...others, run]);
  }

  /** The others are compared with this one. */
  makeFirst(run: string): void {
    this.choose([run, ...this.chosen.map((one) => one.run).filter((one) => one !== run)]);
  }

  choose(runs: readonly string[]): void {
    this.#wanted = runs;
    this.#remember(runs);
  }

  /** Whether there is something to compare, or why not. */
  ready(): true | string {
    if (this.chosen.length === 0) return t('compare.needsRun');
    if (this.tests.length === 0) return t('compare.needsTests');
    return true;
  }
}

function seenCases({ seen }: ComparableRun, tests: readonly CohortCaseView[]): readonly CohortCaseView[] {
  return tests.filter(({ caseId }) => seen.train.includes(caseId) || seen.meta.includes(caseId));
}

function warningsOf(chosen: readonly ComparableRun[], tests: readonly CohortCaseView[]): string[] {
  const [first, ...others] = chosen;
  const training = ({ seen }: ComparableRun): string => seen.train.toSorted().join(' ');
  return [
    ...chosen.flatMap((run) => {
      const count = seenCases(run, tests).length;
      return count > 0 ? [t('compare.warning.seen', { run: run.run, count })] : [];
    }),
    ...others.flatMap((run) =>
      first && training(run) !== training(first)
        ? [t('compare.warning.otherData', { run: run.run, first: first.run })]
        : [],
    ),
    ...chosen.flatMap(({ run, status, step, totalSteps }) =>
      status === 'finished'
        ? []
        : [
            t('compare.warning.unfinished', {
              run,
              step: formatNumber(step),
              total: formatNumber(totalSteps),
            }),
          ],
    ),
  ];
}
