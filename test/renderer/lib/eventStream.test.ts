import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ServerEvent } from '../../../src-main/api/contract/jobs.ts';
import { openEventStream } from '../../../src-renderer/lib/eventStream.ts';
import { fakeServer, refusal } from '../fixtures/fakeServer.ts';

const ping: ServerEvent = { type: 'ping', time: '2026-11-22T10:00:00.000Z' };
let states: string[];
let events: ServerEvent[];
let stream: { close(): void; wake(): void };

function open(): void {
  stream = openEventStream({
    onEvent: (event) => events.push(event),
    onState: (state) => states.push(state),
  });
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  states = [];
  events = [];
});
afterEach(() => {
  stream.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('hands over events line by line, says it lives, and comes back after the server went away', async () => {
  const server = fakeServer();
  open();
  await vi.advanceTimersByTimeAsync(0);
  server.send(ping);
  await vi.advanceTimersByTimeAsync(0);
  expect([events, states]).toEqual([[ping], ['live']]);
  server.hangUp();
  await vi.advanceTimersByTimeAsync(300);
  server.send(ping);
  await vi.advanceTimersByTimeAsync(0);
  expect([events.length, states]).toEqual([2, ['live', 'lost', 'live']]);
});

it('takes silence for absence', async () => {
  const server = fakeServer();
  open();
  await vi.advanceTimersByTimeAsync(0);
  server.send(ping);
  await vi.advanceTimersByTimeAsync(15_100);
  expect(states).toEqual(['live', 'lost']);
});

it('waits longer each time, and not at all when asked to try now', async () => {
  const tries = vi.fn(() => Promise.reject(new TypeError('Failed to fetch')));
  vi.stubGlobal('fetch', tries);
  open();
  await vi.advanceTimersByTimeAsync(0);
  await vi.advanceTimersByTimeAsync(250);
  await vi.advanceTimersByTimeAsync(250);
  expect(tries).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(250);
  expect(tries).toHaveBeenCalledTimes(3);
  stream.wake();
  await vi.advanceTimersByTimeAsync(0);
  expect(tries).toHaveBeenCalledTimes(4);
});

it('tells a window that is not let in from a server that is gone', async () => {
  vi.stubGlobal('fetch', () => Promise.resolve(refusal('SESSION_NEEDED', 401)));
  open();
  await vi.advanceTimersByTimeAsync(0);
  expect(states).toEqual(['refused']);
});
