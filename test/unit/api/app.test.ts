import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { ErrorBody, Session, Settings } from '../../../src-main/api/contract/session.ts';
import { createApp } from '../../../src-main/api/app.ts';
import { openApiWorld, origin, type ApiWorld, type ApiWorldOptions } from '../../fixtures/apiWorld.ts';

let world: ApiWorld;
const open = async (options?: ApiWorldOptions): Promise<ApiWorld> => (world = await openApiWorld(options));
afterEach(() => world.dispose());

const errorOf = async (response: Response): Promise<ErrorBody['error']> =>
  ((await response.json()) as ErrorBody).error;

describe('the session', () => {
  it('says what the window is connected to', async () => {
    await open();
    const session = (await (await world.request('/api/session')).json()) as Session;
    expect(session).toEqual({
      version: '0.1.0',
      host: 'browser',
      canOpenPaths: false,
      platform: process.platform,
      workspace: world.folder,
      notices: [],
    });
  });

  it('tells of settings that could not be read, and serves the defaults', async () => {
    await open({ before: (folder) => writeFileSync(join(folder, 'settings.json'), '{"schemaVersion": 7}') });
    const { notices } = (await (await world.request('/api/session')).json()) as Session;
    expect(notices).toMatchObject([{ code: 'settings-damaged', severity: 'warning' }]);
    expect(notices[0]?.text).toContain('settings.json');
    expect(((await (await world.request('/api/settings')).json()) as Settings).theme).toBe('system');
  });
});

describe('errors', () => {
  it('have a code, a text and details, and a status that fits', async () => {
    await open();
    const response = await world.request('/api/cases/none');
    expect(response.status).toBe(404);
    expect(await errorOf(response)).toEqual({
      code: 'CASE_NOT_FOUND',
      message: 'The workspace has no case none.',
      details: { case: 'none' },
    });
    expect((await world.request('/api/nothing')).status).toBe(404);
  });

  it('of ours are INTERNAL and carry no stack', async () => {
    await open();
    const broken = createApp(
      {
        ...world.services,
        library: { ...world.services.library, list: () => Promise.reject(new TypeError('oh')) },
      },
      { isOwnOrigin: () => true },
    );
    const response = await broken.request('/api/cases');
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(JSON.parse(text)).toMatchObject({ error: { code: 'INTERNAL', details: { reason: 'oh' } } });
    expect(text).not.toContain('app.test.ts');
  });
});

describe('requests', () => {
  it('are refused when they name another host', async () => {
    await open();
    const app = createApp(world.services, { isOwnOrigin: (name) => name === 'http://127.0.0.1:4711' });
    const rebound = await app.request('http://evil.example:4711/api/session');
    expect([rebound.status, (await errorOf(rebound)).code]).toEqual([403, 'REQUEST_REFUSED']);
    expect((await app.request('http://127.0.0.1:4712/api/session')).status).toBe(403);
    expect((await app.request('http://127.0.0.1:4711/api/session')).status).toBe(200);
  });

  it.each([
    ['another origin', { Origin: 'http://evil.example' }, 403],
    ['no origin at all', { Origin: 'null' }, 403],
    ['another site without an origin', { 'Sec-Fetch-Site': 'cross-site' }, 403],
    ['the window', { Origin: origin }, 201],
    ['a program that is no browser', {}, 201],
  ])('that change something are judged by where they come from: %s', async (_, headers, status) => {
    await open();
    expect((await world.request('/api/uploads', { method: 'POST', headers })).status).toBe(status);
  });

  it('with a body that is no JSON, or too much of it, are refused', async () => {
    await open();
    const put = (body: string, type = 'application/json'): Promise<Response> =>
      world.request('/api/last-session', { method: 'PUT', headers: { 'Content-Type': type }, body });
    expect(await errorOf(await put('{}', 'text/plain'))).toMatchObject({ code: 'BAD_REQUEST' });
    expect((await put('{')).status).toBe(400);
    expect((await put(JSON.stringify('x'.repeat(300 * 1024)))).status).toBe(413);
    expect((await put(JSON.stringify('x'.repeat(200 * 1024)))).status).toBe(204);
  });
});

describe('answers', () => {
  it('allow the page its own files and isolate it', async () => {
    await open();
    const { headers } = await world.request('/api/session');
    const policy = headers.get('Content-Security-Policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'cache-control': 'no-store',
    });
  });

  it('with the window are kept by the browser where the name carries a hash', async () => {
    const renderer = (folder: string): string => join(folder, 'renderer');
    let directory = '';
    await open({ before: (folder) => (directory = renderer(folder)) });
    mkdirSync(join(directory, 'assets'), { recursive: true });
    writeFileSync(join(directory, 'index.html'), '<!doctype html>');
    writeFileSync(join(directory, 'assets', 'main-BeefBeef.js'), 'export {};');
    writeFileSync(join(world.folder, 'secret.txt'), 'not for the window');
    const served = await openApiWorld({ rendererDirectory: directory });
    const page = await served.request('/');
    expect([page.headers.get('Content-Type'), page.headers.get('Cache-Control'), await page.text()]).toEqual([
      'text/html; charset=utf-8',
      'no-cache',
      '<!doctype html>',
    ]);
    const script = await served.request('/assets/main-BeefBeef.js');
    expect(script.headers.get('Cache-Control')).toContain('immutable');
    expect(script.headers.get('Content-Type')).toContain('text/javascript');
    const head = await served.request('/assets/main-BeefBeef.js', { method: 'HEAD' });
    expect([head.headers.get('Content-Length'), await head.text()]).toEqual(['10', '']);
    for (const path of [
      '/../secret.txt',
      '/%2e%2e/secret.txt',
      '/..%2fsecret.txt',
      '/%00',
      '/%ff',
      '/assets',
    ])
      expect((await served.request(path)).status, path).toBe(404);
    await served.dispose();
  });
});

describe('settings', () => {
  it('are kept whole, told to other windows, and checked', async () => {
    await open();
    const told: unknown[] = [];
    world.services.events.subscribe((event) => told.push(event));
    const wanted: Settings = {
      theme: 'dark',
      locale: 'de',
      device: 'cpu',
      restoreSession: false,
      uidRoot: '',
      resampleUneven: true,
    };
    expect(await (await world.send('PUT', '/api/settings', wanted)).json()).toEqual(wanted);
    expect(await (await world.request('/api/settings')).json()).toEqual(wanted);
    expect(told).toEqual([{ type: 'changed', what: 'settings' }]);
    const refused = await world.send('PUT', '/api/settings', { ...wanted, theme: 'pink' });
    expect([refused.status, (await errorOf(refused)).details['reason']]).toEqual([
      400,
      expect.stringContaining('theme'),
    ]);
  });

  it('leave the meaning of the last session to the window', async () => {
    await open();
    expect(await (await world.request('/api/last-session')).json()).toBeNull();
    expect((await world.send('PUT', '/api/last-session', { desk: 'bone', slices: [1] })).status).toBe(204);
    expect(await (await world.request('/api/last-session')).json()).toEqual({ desk: 'bone', slices: [1] });
    writeFileSync(join(world.folder, 'last-session.json'), 'torn');
    expect(await (await world.request('/api/last-session')).json()).toBeNull();
  });
});
