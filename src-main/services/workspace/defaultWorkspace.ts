import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  readonly home: string;
}

/**
 * The workspace folder used when none is named: `$ILIUM_WORKSPACE`, else the user's data folder: `$XDG_DATA_HOME/ilium` (or
 * `~/.local/share/ilium`), `~/Library/Application Support/Ilium` on macOS, `%APPDATA%\Ilium` on Windows.
 */
export function defaultWorkspace(
  { env, platform, home }: Surroundings = { env: process.env, platform: process.platform, home: homedir() },
): string {
  if (env['ILIUM_WORKSPACE']) return resolve(env['ILIUM_WORKSPACE']);
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Ilium');
  if (platform === 'win32') return join(env['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'Ilium');
  return join(env['XDG_DATA_HOME'] || join(home, '.local', 'share'), 'ilium');
}
