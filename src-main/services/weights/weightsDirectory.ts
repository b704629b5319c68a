import { join, resolve } from 'node:path';
import { ownSurroundings, userDataFolder, type Surroundings } from '../workspace/userDataFolder.ts';

/** Where installed weights are, once per user: `$ILIUM_WEIGHTS`, else `weights` in the user's data folder. */
export function weightsDirectory(surroundings: Surroundings = ownSurroundings()): string {
  const { ILIUM_WEIGHTS: named } = surroundings.env;
  return named ? resolve(named) : join(userDataFolder(surroundings), 'weights');
}
