/** What a report's reader should know of its runs, beside its figures and before them. */
import { comparisonFindings, type EvaluatedRun } from '../../shared/comparisonFindings.ts';
import type { FindingBody } from '../../api/contract/session.ts';
import type { ComparedMethod } from '../../workflows/compare/comparison.ts';
import { findingBody } from '../findings/findingBody.ts';
import { requireRun } from '../training/requireRun.ts';
import { runSummary } from '../training/runSummary.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';
import { comparableRun } from './comparableRun.ts';
import type { RunCases } from './evaluateRuns.ts';

/** Of the methods' runs on the cases each is evaluated on. Throws RUN_NOT_FOUND, RECORD_INVALID. */
export async function comparisonWarnings(
  workspace: Workspace,
  methods: readonly ComparedMethod[],
  wanted: readonly RunCases[],
): Promise<FindingBody[]> {
  const evaluated = async (run: string): Promise<EvaluatedRun> => ({
    ...(await comparableRun(workspace, await runSummary(await requireRun(workspace, run)))),
    evaluatedOn: wanted.find((one) => one.run === run)?.cases ?? [],
  });
  const facts = await Promise.all(methods.map(({ runs }) => Promise.all(runs.map(evaluated))));
  return comparisonFindings(facts).map(findingBody);
}
