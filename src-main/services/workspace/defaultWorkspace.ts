import { resolve } from 'node:path';
import { ownSurroundings, userDataFolder, type Surroundings } from './userDataFolder.ts';

/** The workspace folder used when none is named: `$ILIUM_WORKSPACE`, else the user's data folder. */
export function defaultWorkspace(surroundings: Surroundings = ownSurroundings()): string {
  const { ILIUM_WORKSPACE: named } = surroundings.env;
  return named ? resolve(named) : userDataFolder(surroundings);
}
