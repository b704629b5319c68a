import { Option } from 'commander';
import { z } from 'zod';
import { appendAudit } from '../services/audit/auditLog.ts';
import { deidentifyPaths, type DeidentifyReport } from '../services/deidentify/deidentifyPaths.ts';
import type { FileOutcome } from '../services/importer/importReport.ts';
import { formatMessage } from '../shared/messages.ts';
import type { CommandSpec } from './command.ts';

const optionsSchema = z.object({
  out: z.string(),
  keepDatesShifted: z.boolean().default(false),
  removeDates: z.boolean().default(false),
  seedFile: z.string().exactOptional(),
});

/** `ilium deidentify`: MR, CT and structure sets for sharing, by the basic profile of DICOM PS3.15. */
export const deidentifyCommand: CommandSpec = {
  name: 'deidentify',
  description: 'MR, CT and RTSTRUCT without identity, for sharing; one outcome per file',
  configure: (command) =>
    command
      .argument('<paths...>', 'files and folders')
      .requiredOption('--out <dir>', 'new folder')
      .addOption(
        new Option(
          '--keep-dates-shifted',
          'move dates by one number of days per patient (default)',
        ).conflicts('removeDates'),
      )
      .option('--remove-dates', 'remove dates and times')
      .option('--seed-file <path>', 'key and list of codes, kept apart (default: <out>.codes.json)'),
  async run({ workspaceDirectory, signal, onProgress }, options, [paths]) {
    const { out, removeDates, seedFile } = optionsSchema.parse(options);
    const codeListPath = seedFile ?? `${out.replace(/[/\\]+$/, '')}.codes.json`;
    const report = await deidentifyPaths(z.array(z.string()).parse(paths), out, {
      keepDates: !removeDates,
      codeListPath,
      onProgress,
      signal,
    });
    await appendAudit(
      { directory: workspaceDirectory },
      {
        action: 'de-identify',
        subject: '',
        details: {
          files: report.files,
          patients: report.codes.length,
          datesRemoved: removeDates,
          textsEmptied: report.textsEmptied,
          regionsRenamed: report.regionsRenamed,
        },
      },
    );
    return { data: { out, codeList: codeListPath, ...report }, text: describe(report, out, codeListPath) };
  },
};

function describe(report: DeidentifyReport, out: string, codeListPath: string): string {
  const { outcomes, files, codes, textsEmptied, regionsRenamed } = report;
  return [
    ...reasonsOf(outcomes),
    `Wrote ${files} of ${outcomes.length} files of ${codes.length} patients to ${out}.`,
    ...(textsEmptied > 0 ? [`Emptied ${textsEmptied} texts that held a patient's name or id.`] : []),
    ...(regionsRenamed > 0
      ? [
          `Numbered ${regionsRenamed} regions whose names are not made of known words of anatomy and planning.`,
        ]
      : []),
    `Key and codes: ${codeListPath} (keep it secret and apart; later files of these patients need it)`,
    'What is written into pixels is not seen, and faces may be recognised in images of the head: look at them before you share.',
  ].join('\n');
}

/** One line per reason: files that share one are counted and the first is named. */
function reasonsOf(outcomes: readonly FileOutcome[]): string[] {
  const paths = new Map<string, string[]>();
  for (const { path, reason } of outcomes) {
    if (!reason) continue;
    // A sentence that names its file is one of that file alone.
    const text = formatMessage(`findings.${reason.code}`, { path, ...reason.details });
    paths.set(text, [...(paths.get(text) ?? []), path]);
  }
  return [...paths].map(([text, [first = '', ...more]]) =>
    more.length > 0 ? `${text} (${more.length + 1} files, ${first} first)` : `${text} (${first})`,
  );
}
