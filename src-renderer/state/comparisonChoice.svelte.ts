/** Which runs are to be compared, in order: the first is what the others are compared with. And what one should know before. */
import type { ComparableRun } from '../../src-main/api/contract/comparison.ts';
import type { CohortCaseView } from '../../src-main/api/contract/training.ts';
import { comparisonFindings, seenCases } from '../../src-main/shared/comparisonFindings.ts';
import { formatMessage } from '../../src-main/shared/messages.ts';
import { findingText, t } from '../lib/i18n.svelte.ts';

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
  readonly #testIds = $derived(this.tests.map(({ caseId }) => caseId));
  readonly warnings = $derived(warningsOf(this.chosen, this.#testIds));

  constructor(remember: (runs: readonly string[]) => void) {
    this.#remember = remember;
  }

  /** Its place among the chosen; -1 where it is none. */
  placeOf(run: string): number {
    return this.chosen.findIndex((one) => one.run === run);
  }

  /** Of these test cases, how many the run was trained on or judged by. */
  seenBy(run: ComparableRun): number {
    return seenCases(run, this.#testIds).length;
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

function warningsOf(chosen: readonly ComparableRun[], tests: readonly string[]): string[] {
  const findings = comparisonFindings(chosen.map((run) => [{ ...run, evaluatedOn: tests }]));
  return findings.map(({ code, subject, details }) =>
    findingText({ code, subject, details, text: formatMessage(`findings.${code}`, details) }),
  );
}
