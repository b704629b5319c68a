// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { GateBody } from '../../../../src-main/api/contract/cases.ts';
import type { ModelSummary } from '../../../../src-main/api/contract/models.ts';
import ModelSection from '../../../../src-renderer/components/synthesize/ModelSection.svelte';
import { language } from '../../../../src-renderer/lib/i18n.svelte.ts';
import { app } from '../../../../src-renderer/state/app.svelte.ts';
import { gate } from '../../../../src-renderer/state/gate.svelte.ts';
import { study } from '../../../../src-renderer/state/study.svelte.ts';
import { fakeServer, refusal, type FakeServer } from '../../fixtures/fakeServer.ts';
import { aStudy, volumeAnswer } from '../../fixtures/volumes.ts';

const model: ModelSummary = {
  modelId: 'm',
  name: 'Pelvis',
  version: '1',
  createdAt: '2026-11-22T12:00:00.000Z',
  weightHash: 'ab'.repeat(32),
  origin: 'workspace',
  method: 'meta',
  cases: 8,
  problem: null,
};
const check = (key: string, verdict: GateBody['checks'][number]['verdict'], code: string, details = {}) => ({
  key,
  verdict,
  code,
  details: { what: 'Sequence', ...details },
  text: 'English text',
});
const modality = check('modality', 'green', 'gate-modality-mr');
const unknown = check('sequence', 'unknown', 'gate-model-silent');
const amber = check('truncation', 'amber', 'gate-truncation-amber', {
  sides: 'left, posterior',
  first: 3,
  last: 9,
  percent: 12,
});
const sagittal = {
  ...check('orientation', 'stop', 'gate-orientation-stop', { degrees: '88' }),
  text: 'Its slices lie at 88° to the axial plane: the model knows axial slices.',
};

let server: FakeServer;
function answer(verdict: GateBody['verdict'], ...checks: GateBody['checks']): void {
  server.routes['POST /api/cases/a/gate'] = () => ({ verdict, override: null, checks });
}
const started = (): unknown[] =>
  server.requests.filter(({ route }) => route === 'POST /api/jobs').map(({ body }) => body);

async function open(): Promise<void> {
  study.follow('a');
  await vi.waitFor(() => expect(study.loading === null && study.volumes.mr).toBeTruthy());
  app.models = [model];
  render(ModelSection);
}

beforeEach(() => {
  // jsdom has no modal dialogs.
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function () {
    this.open = false;
  };
  language.use('en');
  server = fakeServer({
    'GET /api/cases/a': () => aStudy('a', { ct: null, scts: [] }),
    'GET /api/cases/a/volumes/mr': () => volumeAnswer(0, { unit: 'signal' }),
    'GET /api/models/m': () => ({ ...model, card: {} }),
    'POST /api/jobs': () => refusal('JOB_BUSY', 409, { subject: 'a' }),
  });
});
afterEach(async () => {
  cleanup();
  study.close();
  await gate.check(null, null);
  gate.body = null;
  gate.asking = false;
  app.models = [];
  vi.unstubAllGlobals();
});

describe('the gate before Generate', () => {
  it('says in the window’s language what speaks against the MR, what nobody knows, and counts what fits', async () => {
    language.use('de');
    answer('amber', modality, unknown, amber);
    await open();
    expect(await screen.findByText('vor Gebrauch ansehen')).toBeTruthy();
    expect(screen.getByText(/vom Bild abgeschnitten \(links, hinten; Schichten 3 bis 9; 12 %/)).toBeTruthy();
    expect(screen.getByText(/nicht bekannt: Sequenz\./)).toBeTruthy();
    expect(screen.getByText('Eine Prüfung wie im Training')).toBeTruthy();
    expect(server.requests.find(({ route }) => route.endsWith('/gate'))?.body).toEqual({ modelId: 'm' });
  });

  it('is asked anew when the open MR is replaced, and shows no verdict on the one before', async () => {
    answer('amber', amber);
    await open();
    await screen.findByText('look before use');
    const asked = () => server.requests.filter(({ route }) => route.endsWith('/gate')).length;
    await study.refresh();
    expect(asked()).toBe(1);
    answer('stop', modality, sagittal);
    server.routes['GET /api/cases/a'] = () =>
      aStudy('a', { ct: null, scts: [], importedAt: '2027-01-01T00:00:00.000Z' });
    await study.refresh();
    await vi.waitFor(() => expect(asked()).toBe(2));
    expect(await screen.findByText(/lie at 88° to the axial plane/)).toBeTruthy();
    expect(screen.queryByText('look before use')).toBeNull();
  });

  it('lets generate at once where it does not stop', async () => {
    answer('amber', amber);
    await open();
    await screen.findByText('look before use');
    await fireEvent.click(screen.getByRole('button', { name: 'Generate sCT' }));
    await vi.waitFor(() => expect(started()).toHaveLength(1));
    expect(started()[0]).toEqual({ kind: 'generate', caseId: 'a', modelId: 'm', device: 'auto' });
  });

  it('asks for a reason where it stops, and sends it with the job', async () => {
    answer('stop', modality, sagittal);
    await open();
    expect(await screen.findByText(/lie at 88° to the axial plane/)).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: 'Generate all the same…' }));
    const dialog = within(await screen.findByRole('dialog', { hidden: true }));
    const go = dialog.getByRole('button', { name: 'Generate all the same', hidden: true });
    expect(go.getAttribute('aria-disabled')).toBe('true');
    await fireEvent.input(dialog.getByLabelText('Reason'), { target: { value: '  too short ' } });
    await fireEvent.click(go);
    expect(started()).toEqual([]);
    await fireEvent.input(dialog.getByLabelText('Reason'), {
      target: { value: 'commissioning of sagittal T2' },
    });
    await fireEvent.click(go);
    await vi.waitFor(() => expect(started()).toHaveLength(1));
    expect(started()[0]).toMatchObject({ kind: 'generate', override: 'commissioning of sagittal T2' });
  });

  it('says why it could not be asked, and still lets generate', async () => {
    server.routes['POST /api/cases/a/gate'] = () =>
      refusal('NO_BODY_FOUND', 400, { subject: 'a', reason: 'air' });
    await open();
    expect(await screen.findByText(/No body was found|English text of NO_BODY_FOUND/)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Generate sCT' })).toBeTruthy();
  });
});
