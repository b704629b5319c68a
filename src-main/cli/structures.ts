import { z } from 'zod';
import { listScts } from '../services/library/listScts.ts';
import { caseStatistics } from '../services/structures/caseStatistics.ts';
import { hiddenFinding } from '../services/structures/hiddenFinding.ts';
import { structurePlace } from '../services/structures/structurePlace.ts';
import { listStructureSets } from '../services/structures/structureSetRecord.ts';
import type { RegionStatistics, RegionValues } from '../services/structures/structureStatistics.ts';
import { openWorkspace } from '../services/workspace/openWorkspace.ts';
import { formatMessage } from '../shared/messages.ts';
import type { CommandSpec } from './command.ts';
import { textTable } from './textTable.ts';

const optionsSchema = z.object({ sct: z.string().exactOptional() });

/** `ilium structures`: the structure sets of a case with the HU inside their regions. */
export const structuresCommand: CommandSpec = {
  name: 'structures',
  description: 'structure sets of a case: volume and HU of every region in its CT and sCT',
  configure: (command) =>
    command.argument('<case>', 'case id').option('--sct <id>', 'which sCT (default: the newest)'),
  async run({ workspaceDirectory }, options, [argument]) {
    const { sct } = optionsSchema.parse(options);
    const caseId = z.string().parse(argument);
    const workspace = await openWorkspace(workspaceDirectory);
    const record = await workspace.readCase(caseId);
    const records = await listStructureSets(workspace, caseId);
    const sctId = sct ?? (await listScts(workspace, caseId))[0]?.sctId;
    const sets = [];
    for (const one of records) {
      const fits = (await structurePlace(one, workspace, record)) !== null;
      const regions = fits ? await caseStatistics(workspace, caseId, one.structureSetId, sctId) : [];
      const { structureSetId, structureSet } = one;
      const findings = fits ? one.findings : [hiddenFinding(one, record), ...one.findings];
      sets.push({ structureSetId, label: structureSet.label, fits, regions, findings });
    }
    const text = sets.map(({ structureSetId, label, fits, regions, findings }) =>
      [
        `${structureSetId} ${label}`,
        ...(fits ? [describeRegions(regions)] : []),
        ...findings.map(({ code, details }) => formatMessage(`findings.${code}`, details)),
      ].join('\n'),
    );
    return {
      data: { caseId, sctId: sctId ?? null, sets },
      text: text.join('\n\n') || `No structure set was imported for ${caseId}.`,
    };
  },
};

function describeRegions(regions: readonly RegionStatistics[]): string {
  const range = (values: RegionValues | null): string[] =>
    values
      ? [
          `${values.mean.toFixed(1)} ± ${values.standardDeviation.toFixed(1)}`,
          `${values.min.toFixed(0)} … ${values.max.toFixed(0)}`,
        ]
      : ['–', '–'];
  const head = ['Region', 'Voxels', 'ml', 'CT, HU', 'CT range', 'sCT, HU', 'sCT range'];
  const rows = regions.map(({ name, voxels, volumeMl, ct, sct }) => [
    name,
    String(voxels),
    volumeMl.toFixed(2),
    ...range(ct),
    ...range(sct),
  ]);
  return textTable([head, ...rows], [1, 2, 3, 4, 5, 6]);
}
