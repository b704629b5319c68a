/** The browser for the end-to-end tests: `$CHROMIUM`, the system's, or (undefined) the one that Playwright has fetched. */
import { existsSync } from 'node:fs';

const known = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export function findChromium(): string | undefined {
  return process.env['CHROMIUM'] || known.find((path) => existsSync(path));
}
