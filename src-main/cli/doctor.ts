import { inspectInstallation, type InstallationReport } from '../services/devices/inspectInstallation.ts';
import type { CommandSpec } from './command.ts';
import { textTable } from './textTable.ts';

/** `ilium doctor`: what is installed and what works here. */
export const doctorCommand: CommandSpec = {
  name: 'doctor',
  description: 'versions, devices that can be used, weights installed, workspace',
  configure: (command) => command,
  async run({ workspaceDirectory }) {
    const report = await inspectInstallation(workspaceDirectory);
    return { data: report, text: describe(report) };
  },
};

function describe({ versions, machine, devices, weights, workspace }: InstallationReport): string {
  const place = workspace.exists ? `${workspace.cases} cases` : 'not there yet';
  const free = workspace.freeGiB === null ? '' : `, ${workspace.freeGiB} GiB free`;
  return textTable([
    [
      'Versions',
      ...[
        Object.entries(versions)
          .map(([name, version]) => `${name} ${version}`)
          .join(', '),
      ],
    ],
    [
      'Machine',
      `${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.platform}`,
    ],
    ...devices.map(({ device, title, usable, note }) => [
      `Device ${device}`,
      `${title}: ${usable ? 'usable' : 'not usable'} (${note.replace(/\.$/, '')})`,
    ]),
    ...weights.map(({ name, usedFor, record }) => [
      `Weights ${name}`,
      `${usedFor}: ${record ? `installed ${record.installedAt.slice(0, 10)}` : `not installed (ilium weights install ${name})`}`,
    ]),
    ['Workspace', `${workspace.directory} (${place}${free})`],
  ]);
}
