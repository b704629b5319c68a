// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { NetworkView, PacsSeries, PacsStudy } from '../../../../src-main/api/contract/network.ts';
import QueryDialog from '../../../../src-renderer/components/network/QueryDialog.svelte';
import { language } from '../../../../src-renderer/lib/i18n.svelte.ts';
import { app } from '../../../../src-renderer/state/app.svelte.ts';
import { network } from '../../../../src-renderer/state/network.svelte.ts';
import { pacsQuery } from '../../../../src-renderer/state/pacsQuery.svelte.ts';
import { fakeServer, refusal, type FakeServer } from '../../fixtures/fakeServer.ts';
import { aJob } from '../../fixtures/job.ts';

const local = { aeTitle: 'ILIUM', host: '127.0.0.1', port: 11112 };
const node = {
  kind: 'dimse',
  name: 'Archive',
  host: 'h',
  port: 104,
  aeTitle: 'PACS',
  retrieve: 'get',
} as const;
const view: NetworkView = { local, nodes: [{ nodeId: 'n1', node, hasSecret: false }] };
const study: PacsStudy = {
  studyInstanceUid: '1.2',
  patientName: 'Doe^Jane',
  patientId: 'P1',
  studyDate: '2026-11-22',
  description: 'Pelvis',
  accessionNumber: '',
  modalities: ['MR'],
  series: 1,
  instances: 24,
};
const series: PacsSeries = {
  studyInstanceUid: '1.2',
  seriesInstanceUid: '1.2.3',
  modality: 'MR',
  number: '4',
  description: 't2 tra',
  instances: 24,
};

let server: FakeServer;
beforeEach(() => {
  language.use('en');
  // jsdom knows the element, not its methods.
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function () {
    this.open = false;
  };
  server = fakeServer({
    'GET /api/network': () => view,
    'POST /api/network/nodes/n1/studies': () => ({ studies: [study], truncated: false }),
    'GET /api/network/nodes/n1/studies/1.2/series': () => [series],
    'POST /api/jobs': () => aJob({ kind: 'retrieve' }),
  });
});
afterEach(() => {
  cleanup();
  network.view = null;
  pacsQuery.chooseNode('');
  Object.assign(pacsQuery.fields, { patientId: '', modality: '' });
  vi.unstubAllGlobals();
});

async function openAndSearch(): Promise<void> {
  render(QueryDialog, { onclose: vi.fn() });
  await screen.findByRole('option', { name: 'Archive' });
  await fireEvent.click(screen.getByRole('button', { name: 'Search' }));
}
const bodies = (route: string): unknown[] =>
  server.requests.filter((one) => one.route === route).map(({ body }) => body);

describe('the query', () => {
  it('asks the node for what was typed, and for nothing else', async () => {
    render(QueryDialog, { onclose: vi.fn() });
    await screen.findByRole('option', { name: 'Archive' });
    await fireEvent.input(screen.getByLabelText('Patient ID'), { target: { value: ' P1 ' } });
    await fireEvent.input(screen.getByLabelText('Modality'), { target: { value: 'MR' } });
    await fireEvent.click(screen.getByRole('button', { name: 'Search' }));
    await screen.findByText('1 study found.');
    expect(bodies('POST /api/network/nodes/n1/studies')).toEqual([{ patientId: 'P1', modality: 'MR' }]);
    expect(screen.getByText('Doe^Jane')).toBeTruthy();
  });

  it('fetches whole studies that are ticked', async () => {
    await openAndSearch();
    await fireEvent.click(await screen.findByRole('checkbox', { name: 'Fetch P1 Pelvis' }));
    await fireEvent.click(screen.getByRole('button', { name: 'Fetch 1 into the library' }));
    await waitFor(() =>
      expect(bodies('POST /api/jobs')).toEqual([
        { kind: 'retrieve', nodeId: 'n1', targets: [{ studyInstanceUid: '1.2' }] },
      ]),
    );
  });

  it('fetches single series of a study that is not ticked itself', async () => {
    await openAndSearch();
    await fireEvent.click(await screen.findByRole('button', { name: 'Show the series' }));
    await fireEvent.click(await screen.findByRole('checkbox', { name: 'Fetch 4 t2 tra' }));
    expect(pacsQuery.targets()).toEqual([{ studyInstanceUid: '1.2', seriesInstanceUid: '1.2.3' }]);
    await fireEvent.click(screen.getByRole('checkbox', { name: 'Fetch P1 Pelvis' }));
    expect(pacsQuery.targets()).toEqual([{ studyInstanceUid: '1.2' }]);
    expect(screen.getByRole<HTMLInputElement>('checkbox', { name: 'Fetch 4 t2 tra' }).disabled).toBe(true);
  });

  it('keeps what is ticked when a study is folded, and asks for its series once', async () => {
    await openAndSearch();
    await fireEvent.click(await screen.findByRole('button', { name: 'Show the series' }));
    await fireEvent.click(await screen.findByRole('checkbox', { name: 'Fetch 4 t2 tra' }));
    await fireEvent.click(screen.getByRole('button', { name: 'Hide the series' }));
    expect(screen.queryByRole('checkbox', { name: 'Fetch 4 t2 tra' })).toBeNull();
    expect(pacsQuery.targets()).toEqual([{ studyInstanceUid: '1.2', seriesInstanceUid: '1.2.3' }]);
    expect(screen.getByRole('button', { name: 'Fetch 1 into the library' })).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: 'Show the series' }));
    expect((await screen.findByRole<HTMLInputElement>('checkbox', { name: 'Fetch 4 t2 tra' })).checked).toBe(
      true,
    );
    expect(bodies('GET /api/network/nodes/n1/studies/1.2/series')).toHaveLength(1);
  });

  it('says that there are more studies than are shown', async () => {
    server.routes['POST /api/network/nodes/n1/studies'] = () => ({ studies: [study], truncated: true });
    await openAndSearch();
    expect(await screen.findByText(/^The first 1 studies; there are more/)).toBeTruthy();
  });

  it('says what is missing where no node is known to search', async () => {
    server.routes['GET /api/network'] = () => refusal('FILE_UNREADABLE', 400, { path: 'n', reason: 'r' });
    const { container } = render(QueryDialog, { onclose: vi.fn() });
    const button = await screen.findByRole('button', { name: 'Search' });
    expect(button.getAttribute('aria-disabled')).toBe('true');
    await fireEvent.submit(container.querySelector('form')!);
    expect(await screen.findByText('Choose a node to search first.')).toBeTruthy();
  });

  it('says why the node did not answer', async () => {
    server.routes['POST /api/network/nodes/n1/studies'] = () =>
      refusal('PACS_UNREACHABLE', 400, { node: 'Archive', reason: 'nothing listens there' });
    await openAndSearch();
    expect(await screen.findByText('English text of PACS_UNREACHABLE.')).toBeTruthy();
  });

  it('cannot fetch before something is ticked, and says so', async () => {
    await openAndSearch();
    await screen.findByText('1 study found.');
    const button = screen.getByRole('button', { name: 'Fetch 0 into the library' });
    expect(button.getAttribute('aria-disabled')).toBe('true');
    await fireEvent.click(button);
    expect(bodies('POST /api/jobs')).toEqual([]);
  });

  it('leads to the settings where no node is set up', async () => {
    server.routes['GET /api/network'] = () => ({ local, nodes: [] });
    const onclose = vi.fn();
    render(QueryDialog, { onclose });
    await fireEvent.click(await screen.findByRole('button', { name: 'Set up the network' }));
    expect(onclose).toHaveBeenCalled();
    expect(app.desk).toBe('settings');
  });
});
