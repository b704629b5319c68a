import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ClientError } from '../../../src-renderer/lib/client.ts';
import { notices, notify, notifyError } from '../../../src-renderer/state/notices.svelte.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  for (const { id } of notices.list) notices.dismiss(id);
  vi.useRealTimers();
});

const texts = (): string[] => notices.list.map(({ text }) => text);

it('lets good news go by itself and keeps errors until they are dismissed', () => {
  notify({ tone: 'ok', text: 'Imported.' });
  const error = notify({ tone: 'error', text: 'The disk is full.' });
  vi.advanceTimersByTime(60_000);
  expect(texts()).toEqual(['The disk is full.']);
  notices.dismiss(error);
  expect(texts()).toEqual([]);
});

it('keeps a notice while it is pointed at', () => {
  const id = notify({ tone: 'ok', text: 'Imported.' });
  notices.hold(id);
  vi.advanceTimersByTime(60_000);
  expect(texts()).toEqual(['Imported.']);
  notices.resume(id);
  vi.advanceTimersByTime(60_000);
  expect(texts()).toEqual([]);
});

it('says the same thing once', () => {
  notify({ tone: 'error', text: 'The disk is full.' });
  notify({ tone: 'error', text: 'The disk is full.' });
  expect(texts()).toHaveLength(1);
});

it('says why something failed, and nothing of waiting that was given up', () => {
  notifyError(new ClientError({ code: 'X', message: 'It is broken.', details: {} }, 500));
  notifyError(new DOMException('', 'AbortError'));
  expect(texts()).toEqual(['It is broken.']);
});
