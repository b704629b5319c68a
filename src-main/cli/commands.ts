/** The commands, in the order the help lists them. */
import type { CommandSpec } from './command.ts';
import { doctorCommand } from './doctor.ts';
import { rankCommand } from './rank.ts';
import { unavailableCommands } from './unavailable.ts';

export const commands: readonly CommandSpec[] = [doctorCommand, rankCommand, ...unavailableCommands];
