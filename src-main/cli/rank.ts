import { z } from 'zod';
import { rankCohort } from '../services/cohort/rankCohort.ts';
import { openWorkspace } from '../services/workspace/openWorkspace.ts';
import { formatMessage } from '../shared/messages.ts';
import type { Ranking } from '../workflows/rank/rankCases.ts';
import type { CommandSpec } from './command.ts';
import { numberBetween } from './options.ts';
import { textTable } from './textTable.ts';

const optionsSchema = z.object({ top: z.number(), perCenter: z.boolean().default(false) });

/** `ilium rank`: proposes the meta-validation set and writes it into the cohort file. */
export const rankCommand: CommandSpec = {
  name: 'rank',
  description: 'mutual information per case; proposes the meta-validation set in cohort.json',
  configure: (command) =>
    command
      .option('--top <share>', 'share of the cases that become meta', numberBetween(0, 1), 0.11)
      .option('--per-center', 'take the share from each centre'),
  async run({ workspaceDirectory, signal, onProgress }, options) {
    const { top, perCenter } = optionsSchema.parse(options);
    const workspace = await openWorkspace(workspaceDirectory);
    const ranking = await rankCohort(workspace, { top, perCenter, signal, onProgress });
    return {
      data: { ...ranking, cohort: workspace.cohortPath },
      text: describe(ranking, workspace.cohortPath),
    };
  },
};

function describe({ cases, findings }: Ranking, cohortPath: string): string {
  const number = (value: number | null): string => value?.toFixed(4) ?? '–';
  const table = textTable(
    [
      ['Case', 'Centre', 'MI (nats)', 'NMI', 'Role'],
      ...cases.map(
        ({ caseId, center, mutualInformation, normalisedMutualInformation, role, proposedRole }) => [
          caseId,
          center ?? '',
          number(mutualInformation),
          number(normalisedMutualInformation),
          role === proposedRole ? role : `${role} → ${proposedRole}`,
        ],
      ),
    ],
    [2, 3],
  );
  const notes = findings.map(
    ({ code, subject, details }) => `${subject}: ${formatMessage(`findings.${code}`, details)}`,
  );
  const meta = cases.filter(({ proposedRole }) => proposedRole === 'meta').length;
  return [
    table,
    ...notes,
    `${meta} of ${cases.length} cases are for meta-validation; edit ${cohortPath} to change that.`,
  ].join('\n');
}
