import { afterEach, beforeEach, expect, it } from 'vitest';
import type { CaseDetail } from '../../../src-main/api/contract/cases.ts';
import { registerCase } from '../../../src-main/services/registration/registerCase.ts';
import { openApiWorld, type ApiWorld } from '../../fixtures/apiWorld.ts';
import { openPairWorkspace } from '../../fixtures/pairWorkspace.ts';

const placement = { rotationsDegrees: [0, 0, 2], translationMm: [1, 2, 3], centreLps: [0, 0, 0] } as const;

let world: ApiWorld;
beforeEach(async () => {
  world = await openApiWorld();
  await openPairWorkspace([1, 0, 0, 8, 0, 1, 0, -6, 0, 0, 1, 10], world.folder);
});
afterEach(() => world.dispose());

const detail = async (): Promise<CaseDetail> =>
  (await (await world.request('/api/cases/pair')).json()) as CaseDetail;

it('a case tells how its CT was placed, and lets it lie as imported again', async () => {
  expect((await detail()).registration).toBeNull();
  await registerCase(world.services.workspace, 'pair', {
    fixed: 'mr',
    placement,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
  const { registration, findings } = await detail();
  expect(registration).toMatchObject({
    origin: 'manual',
    startedFrom: 'as-they-lie',
    coverage: expect.any(Number),
  });
  registration!.ctToMr.translationMm.forEach((mm, at) =>
    expect(mm).toBeCloseTo(placement.translationMm[at]!, 9),
  );
  expect(findings.map(({ code }) => code)).not.toContain('ct-not-registered');

  const told: unknown[] = [];
  world.services.events.subscribe((event) => told.push(event));
  const answer = await world.send('DELETE', '/api/cases/pair/registration');
  expect(answer.status).toBe(200);
  expect(((await answer.json()) as CaseDetail).registration).toBeNull();
  expect(told).toContainEqual({ type: 'changed', what: 'cases' });
  expect(told).toContainEqual({ type: 'changed', what: 'cohort' });
  // Nothing more to go back from.
  expect((await world.send('DELETE', '/api/cases/pair/registration')).status).toBe(200);
});

it.each([
  ['DELETE', '/api/cases/nobody/registration', undefined, 404, 'CASE_NOT_FOUND'],
  ['POST', '/api/jobs', { kind: 'register', caseId: 'mr-only' }, 422, 'CASE_NO_PAIR'],
  ['POST', '/api/jobs', { kind: 'register', caseId: 'nobody' }, 404, 'CASE_NOT_FOUND'],
  ['POST', '/api/jobs', { kind: 'register', caseId: 'pair', fixed: 'pet' }, 400, 'BAD_REQUEST'],
  [
    'POST',
    '/api/jobs',
    { kind: 'register', caseId: 'pair', placement: { ...placement, translationMm: [1, 2] } },
    400,
    'BAD_REQUEST',
  ],
])('%s %s with %j is refused', async (method, path, body, status, code) => {
  const response = await world.send(method, path, body);
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ error: { code } });
});
