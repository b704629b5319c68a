// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ModelSummary } from '../../../../src-main/api/contract/models.ts';
import StudyProbe from '../../../../src-renderer/components/shell/StudyProbe.svelte';
import Inspector from '../../../../src-renderer/components/synthesize/Inspector.svelte';
import { viewPlanes } from '../../../../src-renderer/lib/viewPlane.ts';
import { language } from '../../../../src-renderer/lib/i18n.svelte.ts';
import { app } from '../../../../src-renderer/state/app.svelte.ts';
import { compare } from '../../../../src-renderer/state/compare.svelte.ts';
import { cursor } from '../../../../src-renderer/state/cursor.svelte.ts';
import { measure } from '../../../../src-renderer/state/measure.svelte.ts';
import { overlay } from '../../../../src-renderer/state/overlay.svelte.ts';
import { study } from '../../../../src-renderer/state/study.svelte.ts';
import { viewer } from '../../../../src-renderer/state/viewer.svelte.ts';
import { fakeServer } from '../../fixtures/fakeServer.ts';
import { anSct, aStudy, header, volumeAnswer } from '../../fixtures/volumes.ts';

const unlike = {
  code: 'mr-unlike-training',
  severity: 'warning',
  subject: 'a',
  details: { distance: 0.31, largest: 0.2 },
  text: 'English text',
} as const;
const oblique = {
  code: 'series-oblique',
  severity: 'info',
  subject: 'T1 axial',
  details: { degrees: '7.5', orientation: 'coronal' },
  text: 'English text',
} as const;
const model: ModelSummary = {
  modelId: 'bundled:phantom',
  name: 'Phantom pelvis',
  version: '0.1.0',
  createdAt: '2026-11-22T12:00:00.000Z',
  weightHash: 'abcdef0123456789',
  origin: 'bundled',
  method: 'meta',
  cases: 8,
  problem: null,
};
const intendedUse =
  'For trying Ilium: trained on computer-drawn phantoms only, so it knows no patient. Not a medical device; not for clinical decisions.';
const training = {
  config: { features: 'random' },
  notes: [
    'The contextual loss looks through VGG-19 untrained, with random weights (features: random); such features are no substitute for ImageNet’s.',
  ],
};

/** The inspector beside a study with MR, CT, body mask and two sCTs. */
async function open(): Promise<void> {
  study.follow('a');
  await vi.waitFor(() => expect(study.loading === null && study.volumes.sct).toBeTruthy());
  app.models = [model];
  render(Inspector);
}
const section = (name: string) => within(screen.getByRole('region', { name }));

beforeEach(() => {
  language.use('en');
  const scts = [
    { ...anSct('old', '2026-01-01T00:00:00.000Z'), maeHu: 61.4 },
    { ...anSct('new'), maeHu: 40.2, boneDice250: 0.913 },
  ];
  fakeServer({
    'GET /api/cases/a': () => aStudy('a', { hasMask: true, findings: [oblique], scts }),
    'GET /api/cases/a/volumes/mr': () => volumeAnswer(0, { unit: 'signal' }),
    'GET /api/cases/a/volumes/ct': () =>
      volumeAnswer(100, { indexToLps: [1, 0, 0, 2, 0, 1, 0, 0, 0, 0, 2.5, 0] }),
    'GET /api/cases/a/volumes/new': () => volumeAnswer(200),
    'GET /api/cases/a/volumes/old': () => volumeAnswer(300),
    'GET /api/cases/a/volumes/mask': () => volumeAnswer(0, { unit: 'label' }),
    'GET /api/cases/a/scts/new': () => ({ ...scts[1], findings: [unlike] }),
    'GET /api/cases/a/scts/old': () => ({ ...scts[0], findings: [] }),
    'GET /api/models/bundled%3Aphantom': () => ({ ...model, card: { intendedUse, training } }),
    'GET /api/models/bundled:phantom': () => ({ ...model, card: { intendedUse, training } }),
  });
});
afterEach(() => {
  cleanup();
  study.close();
  overlay.show('none');
  compare.choose('side');
  measure.forget();
  app.models = [];
  vi.unstubAllGlobals();
});

describe('what is odd', () => {
  it('is said by the code, in the language of the window and with its numbers', async () => {
    language.use('de');
    await open();
    expect(section('Was hier auffällt').getByText(/7,5° gegen die Ebene koronal gedreht/)).toBeTruthy();
  });
});

describe('the model', () => {
  it('shows its card, whose own sentences are translated', async () => {
    language.use('de');
    await open();
    const shown = section('Modell');
    expect(shown.getByText('Phantom pelvis')).toBeTruthy();
    expect(await shown.findByText(/nur mit gezeichneten Phantomen trainiert/)).toBeTruthy();
    expect(shown.getByText(/meta · Merkmale zufällig · 8/)).toBeTruthy();
    expect(shown.getByText(/kontextuelle Verlust blickt durch ein untrainiertes VGG-19/)).toBeTruthy();
  });

  it('says why none can be generated while there is none', async () => {
    await open();
    app.models = [];
    expect(await section('Model').findByText(/There is no model yet/)).toBeTruthy();
  });
});

describe('the overlay', () => {
  it('offers what there is and says why the rest is missing', async () => {
    await open();
    const radios = section('Overlay').getAllByRole('radio');
    expect(radios.map((radio) => radio.getAttribute('aria-disabled') ?? 'false')).toEqual([
      'false',
      'true',
      'false',
      'false',
    ]);
  });

  it('loads the mask when it is first wanted', async () => {
    await open();
    await fireEvent.click(section('Overlay').getByRole('radio', { name: 'Body' }));
    await vi.waitFor(() => expect(study.volumes.mask).toBeDefined());
    expect([overlay.kind, overlay.layer?.map, overlay.layer?.within]).toEqual(['mask', 'label', null]);
    expect(section('Overlay').getByRole('slider', { name: /Opacity/ })).toBeTruthy();
  });
});

describe('the comparison', () => {
  it('takes any pair of the images there are', async () => {
    await open();
    await fireEvent.click(section('Compare').getByRole('radio', { name: 'Check' }));
    const pairs = section('Compare').getByRole('combobox');
    expect(within(pairs).getAllByRole('option')).toHaveLength(6);
    await fireEvent.change(pairs, { target: { value: 'mr sct' } });
    expect(compare.pair).toEqual(['mr', 'sct']);
  });
});

describe('the sCT', () => {
  it('shows how it compares with the CT, and what was found while it was made', async () => {
    await open();
    const shown = section('Synthetic CT');
    expect(shown.getByText('40 HU')).toBeTruthy();
    expect(shown.getByText('0.91')).toBeTruthy();
    expect(await shown.findByText('English text')).toBeTruthy();
  });

  it('is another one when another is chosen', async () => {
    await open();
    await fireEvent.change(section('Synthetic CT').getByRole('combobox'), { target: { value: 'old' } });
    await vi.waitFor(() => expect(study.sample('sct', [0, 0, 0])).toBe(300));
    expect(section('Synthetic CT').getByText('61 HU')).toBeTruthy();
    expect(await section('Synthetic CT').findByText(/found nothing odd/)).toBeTruthy();
  });
});

describe('measurements', () => {
  it('are listed with the statistics of the image in front, taken back and made again', async () => {
    await open();
    viewer.tool = 'rectangle';
    measure.begin('rectangle', [0, 0, 0], viewPlanes(header).axial);
    measure.place([3, 3, 0]);
    const list = await section('Measure').findByRole('button', { name: /^Region · / });
    expect(list.textContent).toMatch(/3\.0 × 3\.0 mm\s*MR: .* ± .*· 16 voxels/);
    await fireEvent.click(section('Measure').getByRole('button', { name: /Undo/ }));
    expect(section('Measure').queryByRole('button', { name: /^Region · / })).toBeNull();
    await fireEvent.click(section('Measure').getByRole('button', { name: /Redo/ }));
    expect(section('Measure').getByRole('button', { name: /^Region · / })).toBeTruthy();
  });
});

describe('the window', () => {
  it('is set by name and by number', async () => {
    await open();
    await fireEvent.click(section('Window').getByRole('radio', { name: 'Lung' }));
    expect(viewer.huWindow).toEqual({ width: 1500, level: -600 });
    const [width] = section('Window').getAllByLabelText('Width');
    await fireEvent.input(width!, { target: { value: '820' } });
    await fireEvent.keyDown(width!, { key: 'Enter' });
    expect(viewer.huWindow.width).toBe(820);
  });
});

describe('the probe line', () => {
  it('has no difference where one of the two does not reach', async () => {
    await open();
    cleanup();
    render(StudyProbe);
    const line = (): string => document.body.textContent.replace(/\s+/g, ' ');
    cursor.moveTo([3, 1, 0]);
    await vi.waitFor(() => expect(line()).toMatch(/CT1\d\d HU\s*sCT2\d\d HU\s*sCT − CT\+\d+ HU/));
    cursor.moveTo([0, 1, 0]);
    await vi.waitFor(() => expect(line()).toMatch(/CToutside\s*sCT2\d\d HU\s*sCT − CT–/));
  });
});
