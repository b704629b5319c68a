/** The commands, in the order the help lists them. */
import { auditCommand } from './audit.ts';
import type { CommandSpec } from './command.ts';
import { compareCommand } from './compare.ts';
import { deidentifyCommand } from './deidentify.ts';
import { demoCommand } from './demo.ts';
import { doctorCommand } from './doctor.ts';
import { evaluateCommand } from './evaluate.ts';
import { experimentCommand } from './experiment.ts';
import { exportModelCommand } from './exportModel.ts';
import { importCommand } from './import.ts';
import { nodeCommand } from './node.ts';
import { pacsCommand } from './pacs.ts';
import { phantomCommand } from './phantom.ts';
import { rankCommand } from './rank.ts';
import { registerCommand } from './register.ts';
import { serveCommand } from './serve.ts';
import { structuresCommand } from './structures.ts';
import { synthesizeCommand } from './synthesize.ts';
import { trainCommand } from './train.ts';
import { weightMapCommand } from './weightMap.ts';
import { weightsCommand } from './weights.ts';

export const commands: readonly CommandSpec[] = [
  doctorCommand,
  demoCommand,
  phantomCommand,
  importCommand,
  registerCommand,
  rankCommand,
  trainCommand,
  synthesizeCommand,
  structuresCommand,
  evaluateCommand,
  compareCommand,
  experimentCommand,
  exportModelCommand,
  pacsCommand,
  nodeCommand,
  serveCommand,
  weightMapCommand,
  weightsCommand,
  deidentifyCommand,
  auditCommand,
];
