/** Prints a page as PDF with Chromium's own printing. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fileExists } from '../../workflows/files/fileExists.ts';
import { findChromium } from './findChromium.ts';

const limitMs = 120_000;

/** Null when `pdf` was written, else one sentence that says why not and what to do. */
export async function printPdf(html: string, pdf: string, signal: AbortSignal): Promise<string | null> {
  const byHand = `open ${html} in a browser and print it to PDF`;
  const chromium = await findChromium();
  if (chromium === undefined)
    return `No PDF: there is no Chromium here. Name one in the variable CHROMIUM, or ${byHand}.`;
  const profile = await mkdtemp(join(tmpdir(), 'ilium-print-'));
  // Chromium does not start its sandbox for root; the page is our own and has no scripts.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const args = [
    ...['--headless', ...sandbox, '--disable-gpu', `--user-data-dir=${profile}`],
    ...['--no-pdf-header-footer', `--print-to-pdf=${pdf}`, pathToFileURL(html).href],
  ];
  try {
    await rm(pdf, { force: true });
    const problem = await run(chromium, args, signal);
    signal.throwIfAborted();
    if (problem === null && (await fileExists(pdf))) return null;
    return `No PDF: ${chromium} did not print (${problem ?? 'it wrote no file'}); ${byHand}.`;
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

function run(program: string, args: readonly string[], signal: AbortSignal): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'ignore', timeout: limitMs, signal });
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, killed) =>
      resolve(code === 0 ? null : killed === null ? `exit code ${code}` : `ended by ${killed}`),
    );
  });
}
