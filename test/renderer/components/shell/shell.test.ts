// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import ImportReport from '../../../../src-renderer/components/library/ImportReport.svelte';
import JobCard from '../../../../src-renderer/components/shell/JobCard.svelte';
import NoticeList from '../../../../src-renderer/components/shell/NoticeList.svelte';
import Palette from '../../../../src-renderer/components/shell/Palette.svelte';
import ShortcutSheet from '../../../../src-renderer/components/shell/ShortcutSheet.svelte';
import { registerActions } from '../../../../src-renderer/lib/actions.svelte.ts';
import { language } from '../../../../src-renderer/lib/i18n.svelte.ts';
import { notices, notify } from '../../../../src-renderer/state/notices.svelte.ts';
import { fakeServer } from '../../fixtures/fakeServer.ts';
import { aJob } from '../../fixtures/job.ts';

beforeEach(() => {
  language.use('en');
  // jsdom knows the element, not its methods.
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function () {
    this.open = false;
  };
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe('a job', () => {
  it('says how far it is, how long it takes, how much memory it has', () => {
    const progress = { step: 'slice', done: 70, total: 112 };
    const { container } = render(JobCard, {
      job: aJob({ kind: 'generate', progress, secondsLeft: 14, memoryMiB: 1945 }),
    });
    expect(container.textContent).toContain('70 of 112');
    expect(container.textContent).toContain('0:14 left · 1.9 GB · heard');
  });

  it('is asked to stop first, then stopped at once', async () => {
    const server = fakeServer({ 'POST /api/jobs/job-1/cancel': () => aJob({ status: 'stopping' }) });
    const { rerender } = render(JobCard, { job: aJob() });
    await fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    await rerender({ job: aJob({ status: 'stopping' }) });
    await fireEvent.click(screen.getByRole('button', { name: 'Stop now' }));
    expect(server.requests.map(({ body }) => body)).toEqual([{ force: false }, { force: true }]);
  });

  it('says why it ended', () => {
    const error = { code: 'UNHEARD', message: 'The worker ran out of memory.', details: {} };
    const { container } = render(JobCard, { job: aJob({ status: 'failed', error }) });
    expect(container.textContent).toContain('The worker ran out of memory.');
    expect(screen.queryByRole('button', { name: 'Cancel' })).toBeNull();
    expect(screen.getByRole('button', { name: 'Dismiss' })).toBeTruthy();
  });
});

describe('notices', () => {
  it('are read out, errors at once, and can be acted on', async () => {
    const run = vi.fn();
    render(NoticeList);
    notify({ tone: 'error', text: 'The disk is full.', action: { label: 'Open log', run } });
    const shown = await screen.findByText('The disk is full.');
    expect(shown.closest('[aria-live]')?.getAttribute('aria-live')).toBe('assertive');
    await fireEvent.click(screen.getByRole('button', { name: 'Open log' }));
    expect(run).toHaveBeenCalledOnce();
    expect(notices.list).toEqual([]);
  });
});

describe('the palette', () => {
  it('runs what a few letters and Enter choose, after it has closed', async () => {
    const order: string[] = [];
    const dispose = registerActions('shell', [
      { id: 'a', key: '', label: 'shell.action.jobs', run: () => order.push('jobs') },
      { id: 'b', key: 'Mod+O', label: 'shell.action.openFolder', run: () => order.push('folder') },
    ]);
    render(Palette, { onclose: () => order.push('closed') });
    const input = screen.getByRole('combobox');
    await fireEvent.input(input, { target: { value: 'of' } });
    expect(screen.getAllByRole('option')[0]!.textContent).toContain('Open folder…');
    await fireEvent.keyDown(input, { key: 'Enter' });
    expect(order).toEqual(['closed', 'folder']);
    dispose();
  });

  it('shows why something cannot be done, and does not do it', async () => {
    const run = vi.fn();
    const dispose = registerActions('shell', [
      { id: 'a', key: '', label: 'shell.action.cancel', run, enabled: () => 'Nothing is running.' },
    ]);
    render(Palette, { onclose: vi.fn() });
    await fireEvent.keyDown(screen.getByRole('combobox'), { key: 'Enter' });
    expect(screen.getByRole('option').textContent).toContain('Nothing is running.');
    expect(run).not.toHaveBeenCalled();
    dispose();
  });
});

describe('the sheet of keys', () => {
  it('lists what is registered, with its keys', () => {
    const dispose = registerActions('library', [
      { id: 'a', key: 'G L', label: 'shell.go.library', run: vi.fn() },
    ]);
    render(ShortcutSheet, { onclose: vi.fn() });
    const row = screen.getByText('Go to Library').parentElement!;
    expect([...row.querySelectorAll('kbd')].map((key) => key.textContent)).toEqual(['G', 'L']);
    dispose();
  });
});

describe('the report of an import', () => {
  const tooEarly = {
    code: 'x',
    severity: 'error',
    subject: '',
    details: {},
    text: 'It ends too early.',
  } as const;

  it('has one row a file and can be narrowed to what failed', async () => {
    const result = {
      outcomes: [
        { path: '/s/1.dcm', outcome: 'loaded', reason: null },
        { path: '/s/2.dcm', outcome: 'failed', reason: tooEarly },
      ],
      cases: [],
      findings: [],
      cancelled: false,
    } as const;
    render(ImportReport, { result, onclose: vi.fn() });
    expect(screen.getAllByRole('row', { hidden: true })).toHaveLength(3);
    await fireEvent.click(screen.getByRole('radio', { name: 'failed 1', hidden: true }));
    expect(screen.getAllByRole('row', { hidden: true }).map((row) => row.textContent)).toEqual([
      expect.stringContaining('File'),
      expect.stringContaining('It ends too early.'),
    ]);
  });

  it('offers to import a series of uneven slices again, made even', async () => {
    const offer = {
      code: 'series-can-be-evened',
      severity: 'info',
      subject: 'Series 3',
      details: { spacing: '3.00' },
      text: 'It can be resampled.',
    } as const;
    const result = { outcomes: [], cases: [], findings: [offer], cancelled: false };
    const [resample, onclose] = [vi.fn(), vi.fn()];
    const { rerender } = render(ImportReport, { result, resample, onclose });
    await fireEvent.click(screen.getByRole('button', { name: 'Import with even slices', hidden: true }));
    expect([resample, onclose].map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
    await rerender({ resample: null });
    expect(screen.queryByRole('button', { name: 'Import with even slices', hidden: true })).toBeNull();
  });
});
