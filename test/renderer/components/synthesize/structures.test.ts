// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { CaseDetail, RegionBody, StructureSetBody } from '../../../../src-main/api/contract/cases.ts';
import Inspector from '../../../../src-renderer/components/synthesize/Inspector.svelte';
import { language } from '../../../../src-renderer/lib/i18n.svelte.ts';
import { structures } from '../../../../src-renderer/state/structures.svelte.ts';
import { study } from '../../../../src-renderer/state/study.svelte.ts';
import { synthesizeActions } from '../../../../src-renderer/state/synthesizeActions.ts';
import { fakeServer, type FakeServer } from '../../fixtures/fakeServer.ts';
import { aRegistration } from '../../fixtures/registration.ts';
import { aStudy, volumeAnswer } from '../../fixtures/volumes.ts';

const square = { closed: true, points: [0, 0, 0, 2, 0, 0, 2, 2, 0] } as const;
const region = (number: number, name: string): StructureSetBody['regions'][number] => ({
  ...{ number, name, colour: null, type: 'ORGAN' },
  contours: [square],
});
const drawn: StructureSetBody = {
  ...{ structureSetId: 'rtss-000000000001', label: 'Plan A', fits: true, findings: [] },
  regions: [{ ...region(1, 'Bladder'), colour: [255, 0, 0] }, region(2, 'Rectum')],
};
const finding = {
  ...{ code: 'structures-not-shown', severity: 'warning', subject: 'a', details: {} },
  text: 'It was drawn in another frame of reference than these images: it is not shown.',
} as const;
const moved: StructureSetBody = {
  ...drawn,
  structureSetId: 'rtss-000000000002',
  label: 'Old',
  fits: false,
  findings: [finding],
  regions: [],
};
const measured: RegionBody[] = [
  {
    ...{ number: 1, name: 'Bladder', voxels: 1234, volumeMl: 3.085, sct: null },
    ct: { voxels: 1234, mean: 12.34, standardDeviation: 5.6, min: -20, max: 1044 },
  },
];

let server: FakeServer;
beforeEach(async () => {
  language.use('en');
  server = fakeServer({
    'GET /api/cases/a': () => aStudy('a', { structureSets: 2 }),
    'GET /api/cases/a/volumes/mr': () => volumeAnswer(0, { unit: 'signal' }),
    'GET /api/cases/a/volumes/ct': () => volumeAnswer(100),
    'GET /api/cases/a/structures': () => [drawn, moved],
    'GET /api/cases/a/structures/rtss-000000000001/statistics': () => measured,
  });
  study.follow('a');
  await vi.waitFor(() => expect(study.loading === null && study.volumes.ct).toBeTruthy());
  await structures.follow(study.detail);
  render(Inspector);
});
afterEach(async () => {
  cleanup();
  study.close();
  structures.shown = true;
  await structures.follow(null);
  vi.unstubAllGlobals();
});
const section = () => within(screen.getByRole('region', { name: 'Structures' }));
const names = (): string[] => structures.drawn.map(({ name }) => name);

it('regions are listed, drawn, and hidden one by one or all at once by key', async () => {
  expect(names()).toEqual(['Bladder', 'Rectum']);
  expect(structures.drawn[0]?.colour).toBe('rgb(255 0 0)');
  await fireEvent.click(section().getByRole('checkbox', { name: 'Rectum' }));
  expect(names()).toEqual(['Bladder']);
  await fireEvent.click(section().getByRole('checkbox', { name: 'Rectum' }));
  expect(names()).toEqual(['Bladder', 'Rectum']);
  const action = synthesizeActions.find(({ key }) => key === 'T');
  expect(action?.enabled?.()).toBe(true);
  action?.run();
  expect(names()).toEqual([]);
});

it('a set of another frame of reference is named and not shown', () => {
  expect(section().getByText('Old')).toBeTruthy();
  expect(section().getByText(/another frame of reference/)).toBeTruthy();
});

it('HU inside the regions are measured when they are asked for', async () => {
  await fireEvent.click(section().getByRole('button', { name: 'Measure HU' }));
  expect(await section().findByText('3.09 ml, 1,234 voxels')).toBeTruthy();
  expect(section().getByText('CT: 12.3 ± 5.6 HU (−20 … 1,044)')).toBeTruthy();
});

it('says that it is measuring, and measures one set once at a time', async () => {
  await fireEvent.click(section().getByRole('button', { name: 'Measure HU' }));
  const busy = section().getByRole('button', { name: 'Measuring HU …' });
  expect(busy.getAttribute('aria-disabled')).toBe('true');
  await fireEvent.click(busy);
  await section().findByText('3.09 ml, 1,234 voxels');
  expect(server.requests.filter(({ route }) => route.endsWith('/statistics'))).toHaveLength(1);
});

it('HU of a CT that is moved or replaced are not shown any more', async () => {
  const isMeasured = (): boolean => structures.statisticsOf('rtss-000000000001') !== null;
  const change = async (differences: Partial<CaseDetail>): Promise<void> => {
    await structures.measure('rtss-000000000001');
    expect(isMeasured()).toBe(true);
    server.routes['GET /api/cases/a'] = () => aStudy('a', { structureSets: 2, ...differences });
    await study.refresh();
    await structures.follow(study.detail);
    expect(isMeasured()).toBe(false);
  };
  await change({ registration: aRegistration });
  await change({ registration: { ...aRegistration, registrationId: 'reg-2' } });
  await change({ ct: { ...aStudy('a').ct!, size: [4, 4, 3] } });
});
