import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const launcher = resolve(import.meta.dirname, '../../src-main/ilium.mjs');
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ilium-interrupt-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Starts a long phantom, sends `signals` once it has begun to write, and returns how it ended. */
async function interruptPhantom(
  signals: readonly NodeJS.Signals[],
): Promise<{ code: number | null; err: string }> {
  const args = [launcher, 'phantom', '--out', join(folder, 'phantom'), '--cases', '500', '--seed', '3'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  await expect.poll(() => readdirSync(folder).length, { timeout: 60_000 }).toBeGreaterThan(0);
  for (const signal of signals) child.kill(signal);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, err };
}

describe.skipIf(process.platform === 'win32')('Ctrl-C', () => {
  it('stops cleanly, says so, ends with 130 and leaves nothing behind', async () => {
    const { code, err } = await interruptPhantom(['SIGINT']);
    expect(err).toContain('Stopping cleanly; press Ctrl-C again to end at once.\n');
    expect(err).toMatch(/Stopped\.\n$/);
    expect(code).toBe(130);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('ends at once when pressed again', async () => {
    const { code, err } = await interruptPhantom(['SIGINT', 'SIGTERM']);
    expect(code).toBe(130);
    expect(err).not.toContain('Stopped.');
    expect(readdirSync(folder).every((name) => name.startsWith('.'))).toBe(true);
  });
});
