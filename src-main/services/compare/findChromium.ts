/** A Chromium that can print: `$CHROMIUM`, else where systems keep Chromium, Chrome or Edge. */
import { fileExists } from '../../workflows/files/fileExists.ts';

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** Its path; undefined where there is none. */
export async function findChromium(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<string | undefined> {
  if (env['CHROMIUM']) return env['CHROMIUM'];
  for (const place of places) if (await fileExists(place)) return place;
  return undefined;
}
