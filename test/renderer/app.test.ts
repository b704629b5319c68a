// @vitest-environment jsdom
import { fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, expect, it, vi } from 'vitest';
import App from '../../src-renderer/App.svelte';
import { fakeServer } from './fixtures/fakeServer.ts';

afterEach(() => vi.unstubAllGlobals());

it('begins at the start screen once the application answers, and goes to a desk by key', async () => {
  const server = fakeServer();
  const { unmount } = render(App);
  await vi.waitFor(() => {
    server.send({ type: 'snapshot', jobs: [] });
    expect(screen.getByText('Drop an MR study here')).toBeTruthy();
  });
  await fireEvent.keyDown(window, { key: 'g' });
  await fireEvent.keyDown(window, { key: ',' });
  expect(await screen.findByText('Look and language')).toBeTruthy();
  expect(document.title).toBe('Settings – Ilium');
  unmount();
});
