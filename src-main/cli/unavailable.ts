/** Commands of the design that are not built yet: they are listed, and say so. */
import { AppError } from '../shared/appError.ts';
import type { CommandSpec } from './command.ts';

function unavailable(name: string, description: string): CommandSpec {
  return {
    name,
    description: `${description} (not there yet)`,
    configure: (command) => command.argument('[arguments...]').allowUnknownOption(),
    run: () => Promise.reject(new AppError('NOT_AVAILABLE_YET', { command: name })),
  };
}

export const unavailableCommands: readonly CommandSpec[] = [
  unavailable('register', 'rigid registration of a case by mutual information'),
];
