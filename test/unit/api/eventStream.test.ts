import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { JobSnapshot, ServerEvent } from '../../../src-main/api/contract/jobs.ts';
import { eventStream } from '../../../src-main/api/eventStream.ts';
import { createEventHub, type EventHub } from '../../../src-main/services/jobs/eventHub.ts';

let hub: EventHub;
let listeners = 0;
beforeEach(() => {
  vi.useFakeTimers();
  hub = createEventHub();
  listeners = 0;
});
afterEach(() => {
  vi.useRealTimers();
});

const job = (jobId: string, done: number): ServerEvent => ({
  type: 'job',
  job: { jobId, progress: { step: 'work', done, total: 9 } } as unknown as JobSnapshot,
});
const slice = (at: number): ServerEvent => ({ type: 'slice', jobId: 'job-1', slice: at, total: 5000 });

function listen(): ReadableStreamDefaultReader<Uint8Array> {
  const stream = eventStream({
    snapshot: () => ({ type: 'snapshot', jobs: [] }),
    subscribe(listener) {
      listeners++;
      const stop = hub.subscribe(listener);
      return () => {
        listeners--;
        stop();
      };
    },
  });
  return stream.getReader();
}

async function next(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<ServerEvent | undefined> {
  const { value, done } = await reader.read();
  const text = new TextDecoder().decode(value);
  if (!done) expect(text.endsWith('\n')).toBe(true);
  return done ? undefined : (JSON.parse(text) as ServerEvent);
}

describe('the event stream', () => {
  it('begins with a snapshot, tells what happens in order, and shows that it lives', async () => {
    const reader = listen();
    hub.emit(job('job-1', 1));
    hub.emit(slice(0));
    hub.emit({ type: 'changed', what: 'cases' });
    expect(await next(reader)).toEqual({ type: 'snapshot', jobs: [] });
    expect(await next(reader)).toEqual(job('job-1', 1));
    expect(await next(reader)).toEqual(slice(0));
    expect(await next(reader)).toEqual({ type: 'changed', what: 'cases' });
    vi.advanceTimersByTime(5000);
    expect(await next(reader)).toMatchObject({ type: 'ping' });
  });

  it('serves many listeners, each from its own snapshot on', async () => {
    const early = listen();
    hub.emit(job('job-1', 1));
    const late = listen();
    hub.emit(job('job-1', 2));
    expect([await next(early), await next(early), await next(early)]).toEqual([
      { type: 'snapshot', jobs: [] },
      job('job-1', 1),
      job('job-1', 2),
    ]);
    expect([await next(late), await next(late)]).toEqual([{ type: 'snapshot', jobs: [] }, job('job-1', 2)]);
  });

  it('stops listening when the window goes away', async () => {
    const reader = listen();
    expect(listeners).toBe(1);
    await reader.cancel();
    expect(listeners).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('gives a slow window the newest state of each job and every slice', async () => {
    const reader = listen();
    for (let done = 0; done < 5000; done++) hub.emit(job(`job-${done % 2}`, done));
    for (let at = 0; at < 30; at++) hub.emit(slice(at));
    const seen: ServerEvent[] = [];
    for (let read = 0; read < 16 + 2 + 30; read++) {
      const event = await next(reader);
      if (event) seen.push(event);
    }
    expect(seen.slice(-32, -30)).toEqual([job('job-0', 4998), job('job-1', 4999)]);
    expect(seen.slice(-30)).toEqual(Array.from({ length: 30 }, (_, at) => slice(at)));
  });

  it('hangs up on a window that reads nothing at all', async () => {
    const reader = listen();
    for (let at = 0; at < 5000; at++) hub.emit(slice(at));
    expect(listeners).toBe(0);
    const seen: ServerEvent[] = [];
    for (let event = await next(reader); event; event = await next(reader)) seen.push(event);
    expect(seen.length).toBeLessThan(20);
  });
});
