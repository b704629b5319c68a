// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CaseDetail, RegistrationBody } from '../../../../src-main/api/contract/cases.ts';
import type { JobSnapshot } from '../../../../src-main/api/contract/jobs.ts';
import RegistrationSection from '../../../../src-renderer/components/synthesize/RegistrationSection.svelte';
import { actions, registerActions } from '../../../../src-renderer/lib/actions.svelte.ts';
import { language } from '../../../../src-renderer/lib/i18n.svelte.ts';
import { compare } from '../../../../src-renderer/state/compare.svelte.ts';
import { connection } from '../../../../src-renderer/state/connection.svelte.ts';
import { jobs } from '../../../../src-renderer/state/jobs.svelte.ts';
import { notices } from '../../../../src-renderer/state/notices.svelte.ts';
import { nudge } from '../../../../src-renderer/state/nudge.svelte.ts';
import { nudgeActions, registrationActions } from '../../../../src-renderer/state/registrationActions.ts';
import { study } from '../../../../src-renderer/state/study.svelte.ts';
import { synthesizeActions } from '../../../../src-renderer/state/synthesizeActions.ts';
import { viewer } from '../../../../src-renderer/state/viewer.svelte.ts';
import { fakeServer, type FakeServer } from '../../fixtures/fakeServer.ts';
import { aJob } from '../../fixtures/job.ts';
import { aRegistration } from '../../fixtures/registration.ts';
import { aStudy, volumeAnswer } from '../../fixtures/volumes.ts';

let server: FakeServer;
let close: () => void;
let registration: RegistrationBody | null;
let findings: CaseDetail['findings'];
const needed = {
  code: 'ct-not-registered',
  severity: 'warning',
  subject: 'a',
  details: {},
  text: 'English text',
} as const;

beforeEach(async () => {
  vi.stubGlobal('matchMedia', () => ({ matches: false }));
  language.use('en');
  registration = null;
  findings = [needed];
  server = fakeServer({
    'GET /api/cases/a': () => aStudy('a', { registration, findings }),
    'GET /api/cases/a/volumes/mr': () => volumeAnswer(0, { unit: 'signal' }),
    'GET /api/cases/a/volumes/ct': () => volumeAnswer(100),
  });
  close = connection.open();
  server.send({ type: 'snapshot', jobs: [] });
  await vi.waitFor(() => expect(jobs.list).toEqual([]));
  study.follow('a');
  await vi.waitFor(() => expect(study.volumes.ct).toBeDefined());
  nudge.step = 'coarse';
  viewer.layout = 'volumes';
  viewer.activeId = 'mr-axial';
});
afterEach(() => {
  cleanup();
  nudge.end();
  study.close();
  compare.choose('side');
  close();
  vi.unstubAllGlobals();
});

const show = () => {
  render(RegistrationSection);
  return within(screen.getByRole('region', { name: 'Registration' }));
};
const press = (key: string, more: KeyboardEventInit = {}): void => {
  actions.handle(new KeyboardEvent('keydown', { key, ...more }));
  flushSync();
};

describe('the registration of a case', () => {
  it('is asked for where MR and CT share no space, runs as a job and tells how the images match', async () => {
    const started = aJob({
      kind: 'register',
      subject: 'a',
      progress: { step: 'registering', done: 1, total: 3 },
    });
    server.routes['POST /api/jobs'] = () => started;
    const section = show();
    expect(section.getByText('MR and CT do not share a space yet.')).toBeTruthy();
    await fireEvent.click(section.getByRole('button', { name: /^Register/ }));
    await vi.waitFor(() => expect(section.getByText('resolution 1 of 3')).toBeTruthy());
    expect(server.requests.at(-1)!.body).toEqual({ kind: 'register', caseId: 'a' });

    registration = aRegistration;
    findings = [];
    server.send({ type: 'job', job: { ...started, status: 'done' } });
    await vi.waitFor(() => expect(section.getByText('0.250 → 0.940')).toBeTruthy());
    expect(section.getByText('98 %')).toBeTruthy();
    expect(section.getByText('4.0°, 8.8 mm')).toBeTruthy();
    expect(section.getByRole('button', { name: /Register again/ })).toBeTruthy();
  });

  it('can be cancelled', async () => {
    server.routes['POST /api/jobs/job-1/cancel'] = () =>
      aJob({ kind: 'register', subject: 'a', status: 'stopping' });
    const section = show();
    server.send({ type: 'job', job: aJob({ kind: 'register', subject: 'a' }) });
    await vi.waitFor(() => expect(section.getByRole('button', { name: 'Cancel' })).toBeTruthy());
    await fireEvent.click(section.getByRole('button', { name: 'Cancel' }));
    await vi.waitFor(() => expect(section.getByRole('button', { name: 'Stop now' })).toBeTruthy());
  });

  it('can be taken back', async () => {
    registration = aRegistration;
    await study.refresh();
    server.routes['DELETE /api/cases/a/registration'] = () => {
      registration = null;
      findings = [];
      return aStudy('a');
    };
    const section = show();
    await fireEvent.click(section.getByRole('button', { name: /As imported/ }));
    await vi.waitFor(() => expect(section.getByText('The CT lies as it was imported.')).toBeTruthy());
  });

  it('is looked at as a checkerboard or blended, MR under CT', async () => {
    const section = show();
    await fireEvent.click(section.getByRole('button', { name: 'Blend' }));
    expect([compare.mode, compare.pair]).toEqual(['blend', ['mr', 'ct']]);
    await fireEvent.click(section.getByRole('button', { name: 'Checkerboard' }));
    expect(compare.mode).toBe('checker');
  });
});

describe('moving by hand', () => {
  const keys = (): (() => void)[] => [
    registerActions('synthesize', synthesizeActions),
    registerActions('register', registrationActions),
  ];

  it('goes by keys in the view in front, before the desk’s own, and is saved as a placement', async () => {
    const stop = keys();
    const section = show();
    press('N', { shiftKey: true });
    expect(nudge.active).toBe(true);
    stop.push(registerActions('register', nudgeActions));
    const slice = viewer.slice('axial');
    press('ArrowRight');
    press('ArrowUp');
    press('ArrowUp', { shiftKey: true });
    expect(viewer.slice('axial')).toBe(slice);
    // An axial slice is seen from the feet: towards the viewer is down the patient.
    expect(nudge.current!.translationMm.map((mm) => Math.round(mm * 1e6) / 1e6)).toEqual([2, -2, -2]);
    expect(section.getByRole<HTMLInputElement>('textbox', { name: 'To the left' }).value).toBe('2.00');
    press('f');
    press(',');
    expect(Math.abs(nudge.current!.rotationsDegrees[2])).toBeCloseTo(0.1);
    press('z', { ctrlKey: true });
    expect(nudge.current!.rotationsDegrees[2]).toBe(0);

    const field = section.getByRole<HTMLInputElement>('textbox', { name: 'About the long axis' });
    await fireEvent.input(field, { target: { value: '1,5' } });
    await fireEvent.blur(field);
    expect(nudge.current!.rotationsDegrees[2]).toBe(1.5);

    const done = aJob({ kind: 'register', subject: 'a', status: 'done' });
    server.routes['POST /api/jobs'] = () => {
      registration = { ...aRegistration, origin: 'manual' };
      return done;
    };
    const placement = nudge.current;
    press('Enter');
    await vi.waitFor(() => expect(nudge.active).toBe(false));
    expect(server.requests.find(({ route }) => route === 'POST /api/jobs')!.body).toEqual({
      kind: 'register',
      caseId: 'a',
      placement,
    });
    await vi.waitFor(() => expect(section.getByText(/^By hand/)).toBeTruthy());
    for (const end of stop) end();
  });

  it('says why nothing can be saved while nothing was moved, and leaves without a trace', async () => {
    const section = show();
    nudge.begin();
    flushSync();
    expect(section.getByRole('button', { name: /^Save/ }).getAttribute('aria-disabled')).toBe('true');
    nudge.shift([1, 0, 0], 1);
    await fireEvent.click(section.getByRole('button', { name: /^Leave/ }));
    expect(nudge.active).toBe(false);
    expect(nudge.ct).toBe(study.volumes.ct);
  });

  it('does not move while it is being saved, when the moves would be lost', async () => {
    const stop = [registerActions('register', nudgeActions)];
    let answer = (_job: JobSnapshot): void => undefined;
    server.routes['POST /api/jobs'] = () => new Promise<JobSnapshot>((resolve) => (answer = resolve));
    nudge.begin();
    press('ArrowRight');
    const placement = nudge.current;
    press('Enter');
    for (const key of ['ArrowRight', ',', 'Escape']) press(key);
    press('z', { ctrlKey: true });
    expect([nudge.active, nudge.current]).toEqual([true, placement]);
    registration = { ...aRegistration, origin: 'manual' };
    answer(aJob({ kind: 'register', subject: 'a', status: 'done' }));
    await vi.waitFor(() => expect(nudge.active).toBe(false));
    for (const end of stop) end();
  });

  it('is left by Escape with unsaved moves that can be taken up again', () => {
    const stop = registerActions('register', nudgeActions);
    notices.list = [];
    nudge.begin();
    press('Escape');
    expect([nudge.active, notices.list]).toEqual([false, []]);
    nudge.begin();
    press('ArrowRight');
    const moved = nudge.current;
    press('Escape');
    expect(nudge.active).toBe(false);
    const [notice] = notices.list;
    expect(notice).toMatchObject({ text: 'What was moved by hand is not saved.' });
    notice?.action?.run();
    expect([nudge.active, nudge.current, nudge.isChanged, nudge.canUndo]).toEqual([true, moved, true, true]);
    stop();
  });
});

it('is not offered for a case without CT', () => {
  study.detail = { ...study.detail!, ct: null };
  render(RegistrationSection);
  expect(screen.queryByRole('region')).toBeNull();
});
