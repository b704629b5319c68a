import { homedir } from 'node:os';
import { join } from 'node:path';

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  readonly home: string;
}

/** This process's surroundings. */
export function ownSurroundings(): Surroundings {
  return { env: process.env, platform: process.platform, home: homedir() };
}

/**
 * Where Ilium keeps what belongs to the user: `$XDG_DATA_HOME/ilium` (or `~/.local/share/ilium`),
 * `~/Library/Application Support/Ilium` on macOS, `%APPDATA%\Ilium` on Windows.
 */
export function userDataFolder({ env, platform, home }: Surroundings): string {
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Ilium');
  if (platform === 'win32') return join(env['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'Ilium');
  return join(env['XDG_DATA_HOME'] || join(home, '.local', 'share'), 'ilium');
}
