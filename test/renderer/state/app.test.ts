// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type * as AppModule from '../../../src-renderer/state/app.svelte.ts';
import type * as NoticesModule from '../../../src-renderer/state/notices.svelte.ts';
import { fakeServer, refusal, type FakeServer } from '../fixtures/fakeServer.ts';
import { aCase } from '../fixtures/case.ts';

let server: FakeServer;
let app: typeof AppModule.app;
let notices: typeof NoticesModule.notices;

/** A window of its own for each test. */
async function open(routes: FakeServer['routes'] = {}): Promise<void> {
  vi.resetModules();
  server = fakeServer(routes);
  ({ app } = await import('../../../src-renderer/state/app.svelte.ts'));
  ({ notices } = await import('../../../src-renderer/state/notices.svelte.ts'));
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const lastSession = { schemaVersion: 1, desk: 'bone', caseId: 'a', memory: { 'bone.threshold': 600 } };

it('goes back to where it was, with what the desks remember', async () => {
  await open({ 'GET /api/cases': () => [aCase('a')], 'GET /api/last-session': () => lastSession });
  await app.load();
  expect([app.desk, app.caseId, app.recall('bone.threshold')]).toEqual(['bone', 'a', 600]);
});

it.each([
  ['the case is gone', {}],
  [
    'it is told not to',
    { 'GET /api/settings': () => ({ theme: 'dark', locale: 'en', restoreSession: false }) },
  ],
  [
    'the record is of another version',
    { 'GET /api/last-session': () => ({ ...lastSession, schemaVersion: 99 }) },
  ],
  ['the record cannot be read', { 'GET /api/last-session': () => refusal('RECORD_INVALID', 500) }],
])('begins at the start when %s', async (_, routes) => {
  await open({ 'GET /api/last-session': () => lastSession, ...routes });
  await app.load();
  expect([app.desk, app.ready]).toEqual(['start', true]);
});

it('keeps the place and what desks remember, soon and in one go', async () => {
  await open({ 'GET /api/cases': () => [aCase('a')] });
  await app.load();
  app.openCase('a');
  app.remember('synthesize.layout', 'grid');
  await vi.advanceTimersByTimeAsync(1000);
  const saved = server.requests.filter(({ route }) => route === 'PUT /api/last-session');
  expect(saved.map(({ body }) => body)).toEqual([
    { schemaVersion: 1, desk: 'synthesize', caseId: 'a', memory: { 'synthesize.layout': 'grid' } },
  ]);
});

it('shows what it has when one part cannot be read', async () => {
  await open({ 'GET /api/models': () => refusal('INTERNAL', 500), 'GET /api/cases': () => [aCase('a')] });
  await app.load();
  expect([app.ready, app.cases.length]).toEqual([true, 1]);
});

it('takes a setting at once and takes it back when it cannot be kept', async () => {
  await open({ 'PUT /api/settings': () => refusal('DISK_FULL', 507) });
  await app.load();
  const changing = app.change({ theme: 'light' });
  expect(document.documentElement.dataset['theme']).toBe('light');
  await changing;
  expect(document.documentElement.dataset['theme']).toBe('dark');
});

it('tells desks when what they show has changed', async () => {
  await open();
  const heard = vi.fn();
  const stop = app.onChanged('runs', heard);
  await app.refresh('runs');
  await app.refresh('cohort');
  stop();
  await app.refresh('runs');
  expect(heard).toHaveBeenCalledOnce();
});

it('says what was odd when the workspace was opened, once, in the chosen language, until it is dismissed', async () => {
  const details = { reason: 'it does not fit its schema' };
  const odd = { code: 'settings-damaged', severity: 'warning', subject: 'settings.json', details, text: '…' };
  await open({
    'GET /api/session': () => ({ version: '0', notices: [odd] }),
    'GET /api/settings': () => ({ theme: 'dark', locale: 'de', device: 'auto', restoreSession: true }),
  });
  await app.load();
  await app.load();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(notices.list.map(({ text }) => text)).toEqual([
    'Die Einstellungen waren nicht lesbar und stehen wieder wie zu Beginn: der Aufbau passt nicht',
  ]);
});
