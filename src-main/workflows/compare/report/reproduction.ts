/** What makes a report again: its command with the file it reads, and for each method the command of its training. */
import type { MethodCosts } from './costTable.ts';
import { escapeHtml } from './html.ts';
import { workspacePlaceholder } from './workspacePlaceholder.ts';

export interface Reproduction {
  /** Without paths of this machine. */
  readonly command: string;
  /** The file the command reads, by the name the command gives it. */
  readonly commandFile: { readonly name: string; readonly text: string } | null;
  readonly costs: readonly MethodCosts[];
}

/** As HTML. */
export function reproduction({ command, commandFile, costs }: Reproduction): string {
  const file = commandFile ? `# ${commandFile.name}:\n${commandFile.text}\n` : '';
  const trainings = costs.flatMap(training).join('\n\n');
  return `<p class="note">${workspacePlaceholder}, and CT and LABELS of a scan, stand for paths of this machine, which may name a patient and are left out.</p><pre>${escapeHtml(file + command)}</pre><pre>${escapeHtml(trainings)}</pre>`;
}

/** Runs of one method differ in their seeds and their cases alone. */
function training({ label, runs }: MethodCosts): string[] {
  const [first] = runs;
  if (!first) return [];
  const seeds = [...new Set(runs.map(({ seed }) => seed))];
  const what =
    runs.length === 1
      ? `seed ${first.seed}`
      : `${runs.length} runs, ${seeds.length === 1 ? 'seed' : 'seeds'} ${seeds.join(', ')}; settings.json is that of the first`;
  const settings = JSON.stringify({ ...first.differences, seed: first.seed });
  const command = `ilium train --method ${first.method} --preset ${first.preset} --config settings.json --workspace ${workspacePlaceholder}`;
  return [`# ${label}: ${what}\n# settings.json:\n${settings}\n${command}`];
}
