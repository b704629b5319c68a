import { z } from 'zod';
import type { FileOutcome, ImportReport } from '../services/importer/importReport.ts';
import { importPaths } from '../services/importer/importPaths.ts';
import { openWorkspace } from '../services/workspace/openWorkspace.ts';
import { AppError } from '../shared/appError.ts';
import { formatMessage } from '../shared/messages.ts';
import type { CommandSpec } from './command.ts';
import { textTable } from './textTable.ts';

const optionsSchema = z.object({ resample: z.boolean().default(false) });

/** `ilium import`: brings files into the workspace and says of each what became of it. */
export const importCommand: CommandSpec = {
  name: 'import',
  description: 'DICOM, NIfTI, MetaImage, SynthRAD folders; one outcome per file',
  configure: (command) =>
    command
      .argument('<paths...>', 'files and folders')
      .option('--resample', 'resample uneven slices to even ones instead of refusing them'),
  async run({ workspaceDirectory, signal, onProgress }, options, [paths]) {
    const workspace = await openWorkspace(workspaceDirectory);
    const report = await importPaths(z.array(z.string()).parse(paths), workspace, {
      onProgress,
      signal,
      resample: optionsSchema.parse(options).resample,
    });
    if (report.cases.length === 0 && !report.cancelled) {
      throw new AppError('NOTHING_IMPORTED', { reason: firstReason(report) });
    }
    return {
      data: { workspace: workspace.directory, ...report },
      text: describe(report, workspace.directory),
    };
  },
};

/** Of a failure rather than of something skipped. */
function firstReason({ outcomes }: ImportReport): string {
  const told = outcomes.find(({ outcome }) => outcome === 'failed') ?? outcomes.find(({ reason }) => reason);
  return told ? reasonText(told) : 'no file was found.';
}

function reasonText({ path, reason }: FileOutcome): string {
  return reason ? formatMessage(`findings.${reason.code}`, { path, ...reason.details }) : path;
}

function describe({ outcomes, cases, findings }: ImportReport, directory: string): string {
  const count = (outcome: FileOutcome['outcome']): string =>
    `${outcomes.filter((one) => one.outcome === outcome).length} ${outcome}`;
  return [
    textTable(
      cases.map(({ caseId, isNew, volumes }) => [
        caseId,
        volumes.join(' + ').toUpperCase(),
        isNew ? 'new' : 'updated',
      ]),
    ),
    ...findings.map(
      ({ code, subject, details }) => `${subject}: ${formatMessage(`findings.${code}`, details)}`,
    ),
    ...reasonsOf(outcomes),
    `${outcomes.length} files: ${count('loaded')}, ${count('merged')}, ${count('skipped')}, ${count('failed')}; ${cases.length} cases in ${directory}.`,
  ].join('\n');
}

/** One line per outcome and reason: files that share a reason are counted, a single one is named. */
function reasonsOf(outcomes: readonly FileOutcome[]): string[] {
  const groups = new Map<string, FileOutcome[]>();
  for (const one of outcomes) {
    if (!one.reason) continue;
    const key = `${one.outcome}: ${reasonText(one)}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups].map(([key, [first, ...more]]) =>
    more.length > 0
      ? `${key} (${more.length + 1} files, ${first?.path ?? ''} first)`
      : `${key} (${first?.path ?? ''})`,
  );
}
