// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { NetworkView } from '../../../../src-main/api/contract/network.ts';
import NetworkSection from '../../../../src-renderer/components/settings/NetworkSection.svelte';
import { language } from '../../../../src-renderer/lib/i18n.svelte.ts';
import { fakeServer, refusal, type FakeServer } from '../../fixtures/fakeServer.ts';

const local = { aeTitle: 'ILIUM', host: '127.0.0.1', port: 11112 };
const web = {
  kind: 'dicomweb',
  name: 'Web',
  url: 'https://pacs/dicom-web',
  auth: 'bearer',
  user: '',
  caFile: '',
  fingerprint: '',
} as const;
const view: NetworkView = { local, nodes: [{ nodeId: 'n1', node: web, hasSecret: true }] };

let server: FakeServer;
beforeEach(() => {
  language.use('en');
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function () {
    this.open = false;
  };
  server = fakeServer({
    'GET /api/network': () => view,
    'PUT /api/network': () => view,
    'POST /api/network/nodes/n1/test': () => ({ ok: true, error: null, milliseconds: 12 }),
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const written = (): unknown[] =>
  server.requests.filter(({ route }) => route === 'PUT /api/network').map(({ body }) => body);

describe('the network in the settings', () => {
  it('asks a node whether it answers, and says so in words', async () => {
    render(NetworkSection);
    await fireEvent.click(await screen.findByRole('button', { name: 'Test Web' }));
    expect(await screen.findByText('Answers, after 12 ms.')).toBeTruthy();
    server.routes['POST /api/network/nodes/n1/test'] = () => ({
      ok: false,
      error: { code: 'PACS_TIMEOUT', message: 'Web does not answer in time.', details: { node: 'Web' } },
      milliseconds: 9000,
    });
    await fireEvent.click(screen.getByRole('button', { name: 'Test Web' }));
    expect(await screen.findByText('Web does not answer in time.')).toBeTruthy();
  });

  it('adds a node beside those that are there', async () => {
    render(NetworkSection);
    await fireEvent.click(await screen.findByRole('button', { name: 'Add a node' }));
    const save = screen.getByRole('button', { name: 'Save' });
    expect(save.getAttribute('aria-disabled')).toBe('true');
    await fireEvent.input(screen.getByLabelText('Name'), { target: { value: 'Archive' } });
    await fireEvent.input(screen.getByLabelText('Host'), { target: { value: '10.0.0.5' } });
    const titles = screen.getAllByLabelText('AE title');
    await fireEvent.input(titles.at(-1) as HTMLElement, { target: { value: 'PACS' } });
    await fireEvent.click(save);
    await waitFor(() => expect(written()).toHaveLength(1));
    expect(written()[0]).toEqual({
      local,
      nodes: [
        { nodeId: 'n1', node: web },
        {
          node: {
            kind: 'dimse',
            name: 'Archive',
            host: '10.0.0.5',
            port: 104,
            aeTitle: 'PACS',
            retrieve: 'get',
          },
        },
      ],
    });
  });

  it('sends a secret only when a new one was typed', async () => {
    render(NetworkSection);
    await fireEvent.click(await screen.findByRole('button', { name: 'Change Web' }));
    const secret = screen.getByLabelText<HTMLInputElement>('Token');
    expect(secret.value).toBe('');
    expect(secret.placeholder).toBe('kept; type to change it');
    await fireEvent.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(written()).toEqual([{ local, nodes: [{ nodeId: 'n1', node: web }] }]));
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Save' })).toBeNull());
    await fireEvent.click(screen.getByRole('button', { name: 'Change Web' }));
    await fireEvent.input(screen.getByLabelText('Token'), { target: { value: 'new' } });
    await fireEvent.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(written()[1]).toMatchObject({ nodes: [{ secret: 'new' }] }));
  });

  it('removes a node and changes what we are called', async () => {
    render(NetworkSection);
    await fireEvent.change(await screen.findByLabelText('AE title'), { target: { value: 'ILIUM2' } });
    await waitFor(() => expect(written()[0]).toMatchObject({ local: { aeTitle: 'ILIUM2' } }));
    await fireEvent.click(screen.getByRole('button', { name: 'Remove Web' }));
    const dialog = within(screen.getByRole('dialog'));
    expect(dialog.getByText(/password or token are forgotten/)).toBeTruthy();
    expect(written()).toHaveLength(1);
    await fireEvent.click(dialog.getByRole('button', { name: 'Remove' }));
    await waitFor(() => expect(written()[1]).toEqual({ local, nodes: [] }));
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('says beside the field why what we are called could not be kept', async () => {
    render(NetworkSection);
    const field = await screen.findByLabelText<HTMLInputElement>('AE title');
    server.routes['PUT /api/network'] = () => refusal('BAD_REQUEST', 400, { reason: 'r' });
    await fireEvent.change(field, { target: { value: 'A\\B' } });
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toBe('English text of BAD_REQUEST.');
    expect([field.getAttribute('aria-invalid'), field.getAttribute('aria-describedby')]).toEqual([
      'true',
      alert.id,
    ]);
    server.routes['PUT /api/network'] = () => view;
    await fireEvent.change(field, { target: { value: 'AB' } });
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
  });

  it('names the field of a node that is missing, and says in the dialog what was refused', async () => {
    render(NetworkSection);
    await fireEvent.click(await screen.findByRole('button', { name: 'Add a node' }));
    await fireEvent.input(screen.getByLabelText('Name'), { target: { value: 'Archive' } });
    await fireEvent.input(screen.getByLabelText('Host'), { target: { value: '10.0.0.5' } });
    const save = screen.getByRole('button', { name: 'Save' });
    await fireEvent.pointerEnter(save);
    await waitFor(() =>
      expect(document.querySelector('[role="tooltip"]')?.textContent).toBe('An AE title is needed.'),
    );
    await fireEvent.input(screen.getAllByLabelText('AE title').at(-1)!, { target: { value: 'A\\B' } });
    server.routes['PUT /api/network'] = () => refusal('BAD_REQUEST', 400, { reason: 'r' });
    await fireEvent.click(save);
    expect((await screen.findByRole('alert')).textContent).toBe('English text of BAD_REQUEST.');
  });

  it('asks for the secret again where the service or the way to sign in is another', async () => {
    render(NetworkSection);
    await fireEvent.click(await screen.findByRole('button', { name: 'Change Web' }));
    await fireEvent.input(screen.getByLabelText('Address of the service'), {
      target: { value: 'https://elsewhere/dicom-web' },
    });
    expect(screen.getByLabelText<HTMLInputElement>(/^Token/).placeholder).toBe('');
    expect(screen.getByText(/was for another service/)).toBeTruthy();
  });
});
