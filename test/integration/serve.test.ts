/** `ilium serve` as a person runs it: link, cookie, refusals, Ctrl-C while a job runs. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JobSnapshot } from '../../src-main/api/contract/jobs.ts';
import { runIlium } from '../fixtures/runIlium.ts';

const root = resolve(import.meta.dirname, '../..');
const renderer = join(root, 'out/renderer');

let folder: string;
let child: ChildProcess;
let out: string;
let err: string;

// The page itself is no matter here; where the window has not been built, an empty one stands in for it.
const isBuilt = existsSync(renderer);
beforeAll(() => {
  if (isBuilt) return;
  mkdirSync(renderer, { recursive: true });
  writeFileSync(join(renderer, 'index.html'), '<!doctype html><title>Ilium</title>');
});
afterAll(() => {
  if (!isBuilt) rmSync(renderer, { recursive: true });
});
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ilium-serve-'));
  [out, err] = ['', ''];
  const args = [join(root, 'src-main/ilium.mjs'), 'serve', '--workspace', folder];
  child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (err += text));
  await expect.poll(() => links(), { timeout: 60_000 }).toHaveLength(1);
});
afterEach(async () => {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL');
    await once(child, 'close');
  }
  rmSync(folder, { recursive: true, force: true });
});

const links = (): string[] => out.match(/http:\/\/127\.0\.0\.1:\d+\/open\?key=[\w-]+/g) ?? [];
const address = (): string => new URL(links()[0]!).origin;
const open = (link: string): Promise<Response> => fetch(link, { redirect: 'manual' });

async function logIn(): Promise<string> {
  const response = await open(links()[0]!);
  expect(response.status).toBe(303);
  return response.headers.get('Set-Cookie')!.split(';')[0]!;
}

/** `fetch` sets Host itself; this asks with any headers. */
function statusWith(path: string, method: string, headers: Record<string, string>): Promise<number> {
  const { port } = new URL(address());
  return new Promise((settle, fail) => {
    const asked = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      response.resume();
      settle(response.statusCode ?? 0);
    });
    asked.on('error', fail);
    asked.end();
  });
}

describe('ilium serve', () => {
  it('lets the browser with the link in, once, and gives another link at Enter', async () => {
    const cookie = await logIn();
    const session = await fetch(`${address()}/api/session`, { headers: { Cookie: cookie } });
    expect(await session.json()).toMatchObject({ host: 'browser', workspace: folder });
    const used = await open(links()[0]!);
    expect([used.status, await used.text()]).toEqual([
      401,
      expect.stringContaining('press Enter in its terminal'),
    ]);
    child.stdin?.write('\n');
    await expect.poll(() => links(), { timeout: 20_000 }).toHaveLength(2);
    expect((await open(links()[1]!)).status).toBe(303);
    expect((await fetch(`${address()}/api/session`)).status).toBe(401);
  });

  it('refuses other hosts and other sites', async () => {
    const cookie = await logIn();
    const { port } = new URL(address());
    const get = (headers: Record<string, string>) =>
      statusWith('/api/session', 'GET', { Cookie: cookie, ...headers });
    expect(await get({ Host: `127.0.0.1:${port}` })).toBe(200);
    expect(await get({ Host: `localhost:${port}` })).toBe(200);
    expect(await get({ Host: `evil.example:${port}` })).toBe(403);
    expect(await get({ Host: '127.0.0.1:1' })).toBe(403);
    const post = (headers: Record<string, string>) =>
      statusWith('/api/uploads', 'POST', { Cookie: cookie, Host: `127.0.0.1:${port}`, ...headers });
    expect(await post({ Origin: 'http://evil.example' })).toBe(403);
    expect(await post({ Origin: `http://127.0.0.1:1` })).toBe(403);
    expect(await post({ Origin: address() })).toBe(201);
  });

  it.skipIf(process.platform === 'win32')('ends running jobs in order at Ctrl-C', async () => {
    const headers = { Cookie: await logIn(), 'Content-Type': 'application/json' };
    const started = await fetch(`${address()}/api/jobs`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ kind: 'phantom-cohort', cases: 100 }),
    });
    const { jobId } = (await started.json()) as JobSnapshot;
    const job = async (): Promise<JobSnapshot> =>
      (await (await fetch(`${address()}/api/jobs/${jobId}`, { headers })).json()) as JobSnapshot;
    await expect.poll(async () => (await job()).progress?.done ?? 0, { timeout: 60_000 }).toBeGreaterThan(0);
    child.kill('SIGINT');
    const [code] = (await once(child, 'close')) as [number | null];
    expect([code, err]).toEqual([130, expect.stringContaining('Stopping cleanly')]);
    const record = JSON.parse(readFileSync(join(folder, 'jobs', jobId, 'job.json'), 'utf8')) as {
      job: JobSnapshot;
    };
    expect(record.job).toMatchObject({ status: 'cancelled', error: null });
    expect(readdirSync(folder).filter((name) => name.endsWith('.partial'))).toEqual([]);
  });
});

describe('ilium serve refuses', () => {
  it('to be reached from elsewhere unless that is said', () => {
    const { code, err: said } = runIlium(['serve', '--host', '0.0.0.0', '--workspace', folder]);
    expect([code, said]).toEqual([2, expect.stringContaining('--allow-remote')]);
  });

  it('a port that is taken, in one line', () => {
    const { port } = new URL(address());
    const { code, err: said } = runIlium(['serve', '--port', port, '--workspace', folder]);
    expect([code, said]).toEqual([2, expect.stringContaining('EADDRINUSE')]);
    expect(said.trim().split('\n')).toHaveLength(1);
  });
});
