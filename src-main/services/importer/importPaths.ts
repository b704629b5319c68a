/**
 * Imports what a person dropped: finds files, looks at each, plans cases, then loads and writes one volume at a time.
 *
 * Bad patient data is data: no file makes it throw, every file ends in exactly one outcome. What throws is what the workspace says
 * (DISK_FULL, WRITE_FAILED, COHORT_INVALID). A volume is in the workspace only when it was read whole and accepted.
 */
import { evened, evenStack } from '../../formats/dicom/evenStack.ts';
import { groupSeries, type SeriesGroup } from '../../formats/dicom/groupSeries.ts';
import type { Finding } from '../../shared/finding.ts';
import type { OnProgress } from '../../shared/progress.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';
import { loadLooseImage } from './loadLooseImage.ts';
import { loadSeries } from './loadSeries.ts';
import { openImportFiles } from './openImportFiles.ts';
import { separateStructureSets, storeStructureSets } from '../structures/importStructureSets.ts';
import { auditImports } from '../audit/auditImports.ts';
import { enrolCases } from './enrolCases.ts';
import { errorFinding } from './errorFinding.ts';
import type { FileOutcome, ImportedCase, ImportReport } from './importReport.ts';
import { lostFiles } from './incompleteSeries.ts';
import { createOutcomeLedger } from './outcomeLedger.ts';
import { pathsOf, planDicomCases } from './planDicomCases.ts';
import type { LoadedImage } from './plannedCase.ts';
import { planLooseImages } from './planLooseImages.ts';
import { scanImages } from './scanImages.ts';
import { storeCase } from './storeCase.ts';
import { separateSyntheticCts, storeSyntheticCts } from './syntheticCts.ts';
import type { StopSignal } from '../../shared/jobEvent.ts';

export interface ImportOptions {
  readonly onProgress?: OnProgress;
  /** Uneven slices are resampled to even ones, where no gap is too wide, instead of refused. */
  readonly resample?: boolean;
  /** Stops after the file or case at hand. */
  readonly signal?: StopSignal;
}

/** Imports files and folders into `workspace`. Throws only what the workspace throws. */
export async function importPaths(
  paths: readonly string[],
  workspace: Workspace,
  options: ImportOptions = {},
): Promise<ImportReport> {
  await workspace.readCohort(); // a cohort that cannot be read is said before anything is written
  const found = await openImportFiles(paths);
  const ledger = createOutcomeLedger(found.files);
  const scanned = await scanImages(found, options);
  const structureSets = await separateStructureSets(scanned.problems, found);
  for (const { path, error } of structureSets.others) ledger.settleError([path], error);

  const { groups: split } = groupSeries(scanned.headers);
  const groups = options.resample ? split.map(evened) : split;
  const { synthetic, others, unreadable } = await separateSyntheticCts(groups, found.read);
  for (const { group, error } of unreadable) ledger.settleError(pathsOf(group), error);
  const lost = lostFiles(found, scanned);
  const load = (group: SeriesGroup): Promise<LoadedImage> => loadSeries(group, found.read, lost);
  const plans = [
    planDicomCases(others, await workspace.listCases(), load),
    planLooseImages(scanned.loose, ({ path }) => loadLooseImage(path, found.read)),
  ];

  const cases: ImportedCase[] = [];
  const findings: Finding[] = [...found.findings, ...groups.flatMap(refusedNotes)];
  const planned = plans.flatMap((plan) => plan.cases);
  for (const [at, plan] of planned.entries()) {
    if (options.signal?.aborted) break;
    const stored = await storeCase(plan, workspace, ledger);
    if (stored.imported !== undefined) cases.push(stored.imported);
    findings.push(...stored.findings);
    options.onProgress?.({ step: 'import cases', done: at + 1, total: planned.length });
  }
  const scts = await storeSyntheticCts(synthetic, workspace, ledger, load);
  const drawn = await storeStructureSets(structureSets.paths, workspace, ledger, found.read);
  for (const one of [...scts.cases, ...drawn.cases])
    if (!cases.some(({ caseId }) => caseId === one.caseId)) cases.push(one);
  findings.push(...scts.findings, ...drawn.findings);
  // After what was loaded: of an enhanced file some frames may be taken and others left.
  for (const { paths: left, reason } of plans.flatMap(({ leftOut }) => leftOut)) {
    ledger.settle(left, reason.severity === 'error' ? 'failed' : 'skipped', reason);
  }
  // Those that were loaded have been compared; of the others only headers are known.
  for (const { duplicate, kept } of groups.flatMap(({ duplicates }) => duplicates)) {
    const details = { kept: kept.name };
    ledger.settle([duplicate.name], 'merged', {
      code: 'duplicate-instance',
      severity: 'info',
      subject: '',
      details,
    });
  }
  await enrolCases(workspace, cases);
  await auditImports(workspace, cases);
  const missing = found.problems.map(({ path, error }): FileOutcome => ({
    path,
    outcome: 'failed',
    reason: errorFinding(error, path),
  }));
  const stopped = (path: string): Finding => ({
    code: 'import-cancelled',
    severity: 'info',
    subject: path,
    details: {},
  });
  return {
    outcomes: [...ledger.close(stopped), ...missing],
    cases,
    findings,
    cancelled: options.signal?.aborted ?? false,
  };
}

/** What is to be known of a series that is refused: whether it was mixed, and what can be done about its uneven slices. */
function refusedNotes(group: SeriesGroup): Finding[] {
  if (group.problem === undefined) return [];
  const grave = group.findings.filter(({ severity }) => severity === 'error');
  const stack = evenStack(group);
  if (!stack) return grave;
  const details = { spacing: stack.distanceMm.toFixed(2) };
  return [...grave, { code: 'series-can-be-evened', severity: 'info', subject: group.label, details }];
}
