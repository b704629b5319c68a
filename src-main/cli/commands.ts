/** The commands, in the order the help lists them. */
import type { CommandSpec } from './command.ts';
import { doctorCommand } from './doctor.ts';
import { unavailableCommands } from './unavailable.ts';

export const commands: readonly CommandSpec[] = [doctorCommand, ...unavailableCommands];
