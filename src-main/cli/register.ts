import { Option } from 'commander';
import { z } from 'zod';
import { clearRegistration } from '../services/registration/clearRegistration.ts';
import { openWorkspace } from '../services/workspace/openWorkspace.ts';
import { AppError } from '../shared/appError.ts';
import type { CommandSpec } from './command.ts';
import { runJob } from './runJob.ts';
import { textTable } from './textTable.ts';

const image = z.enum(['mr', 'ct']);
const optionsSchema = z.object({
  fixed: image.exactOptional(),
  moving: image.exactOptional(),
  asImported: z.boolean().default(false),
});

const three = z.tuple([z.number(), z.number(), z.number()]);
const resultSchema = z.object({
  caseId: z.string(),
  registration: z.object({
    ctToMr: z.object({ rotationsDegrees: three, translationMm: three }),
    mutualInformation: z.object({ before: z.number().nullable(), after: z.number().nullable() }),
    bodyOverlap: z.number(),
    coverage: z.number(),
  }),
  findings: z.array(z.object({ text: z.string() })),
});

/** `ilium register`: places a case's CT in the space of its MR. */
export const registerCommand: CommandSpec = {
  name: 'register',
  description: 'rigid registration of a case by mutual information; the CT is placed on the MR',
  configure: (command) =>
    command
      .argument('<case>', 'case id')
      .addOption(
        new Option('--fixed <image>', 'the image the search holds still (default: mr)').choices(
          image.options,
        ),
      )
      .addOption(new Option('--moving <image>', 'the other one (default: ct)').choices(image.options))
      .option('--as-imported', 'put the CT back where its own file puts it'),
  async run(context, options, [caseId]) {
    const { fixed, moving, asImported } = optionsSchema.parse(options);
    const workspace = context.workspaceDirectory;
    if (asImported) {
      await clearRegistration(await openWorkspace(workspace), z.string().parse(caseId));
      return { data: { caseId, registration: null }, text: 'The CT lies as it was imported.' };
    }
    const params = { workspace, caseId, fixed: heldStill(fixed, moving) };
    return runJob('register', params, context, describeResult);
  },
};

/** Which image is fixed, told by either option. Throws BAD_USAGE where both name one image. */
function heldStill(fixed: 'mr' | 'ct' | undefined, moving: 'mr' | 'ct' | undefined): 'mr' | 'ct' {
  if (fixed !== undefined && fixed === moving)
    throw new AppError('BAD_USAGE', {
      problem: `The ${fixed.toUpperCase()} cannot be both fixed and moving.`,
    });
  return fixed ?? (moving === 'mr' ? 'ct' : 'mr');
}

function describeResult(data: Readonly<Record<string, unknown>>): string {
  const { caseId, registration, findings } = resultSchema.parse(data);
  const { ctToMr, mutualInformation, bodyOverlap, coverage } = registration;
  const numbers = (values: readonly number[]): string => values.map((value) => value.toFixed(2)).join(', ');
  const nats = (value: number | null): string => value?.toFixed(4) ?? '–';
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  return [
    `The CT of ${caseId} is placed on its MR.`,
    textTable([
      ['Turned about x, y, z', `${numbers(ctToMr.rotationsDegrees)}°`],
      ['Shifted along x, y, z', `${numbers(ctToMr.translationMm)} mm`],
      ['Mutual information', `${nats(mutualInformation.before)} → ${nats(mutualInformation.after)} nats`],
      ['Bodies on each other', percent(bodyOverlap)],
      ['MR’s body reached by the CT', percent(coverage)],
    ]),
    ...findings.map(({ text }) => text),
  ].join('\n');
}
