import { z } from 'zod';
import { demoFolder } from '../services/demo/demoFolder.ts';
import { demoPlan } from '../services/demo/demoPlan.ts';
import { runDemo } from '../services/demo/runDemo.ts';
import type { CommandSpec } from './command.ts';
import { describeDemo } from './describeDemo.ts';
import { hasDisplay, openInViewer } from './openInViewer.ts';

const optionsSchema = z.object({
  quick: z.boolean().default(false),
  open: z.boolean(),
  /** As the person gave it: such a folder may be the demo's own. */
  workspace: z.string().optional(),
});

/** `ilium demo`: the whole way on phantom patients, in a workspace of its own. */
export const demoCommand: CommandSpec = {
  name: 'demo',
  description: 'phantom DICOM → import → train → synthesize → evaluate → report',
  configure: (command) =>
    command
      .option('--quick', 'fewer patients and epochs: some minutes on two processor cores')
      .option('--no-open', 'do not show the report'),
  async run({ workspaceDirectory, json, signal, onEvent }, options) {
    const { quick, open, workspace } = optionsSchema.parse(options);
    const folder = await demoFolder(workspaceDirectory, { isOwnFolder: workspace !== undefined });
    const result = await runDemo(demoPlan({ isQuick: quick }), {
      workspaceDirectory: folder,
      signal,
      onEvent,
    });
    const shown = open && !json && hasDisplay() && (await openInViewer(result.report));
    return { data: result, text: describeDemo(result, shown) };
  },
};
