import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GateBody } from '../../../src-main/api/contract/cases.ts';
import { openApiWorld, smallMr, storeSmallCase, type ApiWorld } from '../../fixtures/apiWorld.ts';

let world: ApiWorld;
beforeAll(async () => {
  world = await openApiWorld();
  await storeSmallCase(world.services.workspace, 'case-1');
});
afterAll(() => world.dispose());

const ask = (caseId: string, modelId = 'bundled:phantom') =>
  world.send('POST', `/api/cases/${caseId}/gate`, { modelId });

describe('asking the gate', () => {
  it('is answered from a process of its own, check by check, and again from memory', async () => {
    const began = performance.now();
    const response = await ask('case-1');
    const first = performance.now() - began;
    expect(response.status).toBe(200);
    const body = (await response.json()) as GateBody;
    expect(body).toMatchObject({ override: null });
    expect(body.checks.find(({ key }) => key === 'slices')).toMatchObject({
      verdict: 'green',
      text: '3 evenly spaced slices.',
    });
    expect(body.checks.find(({ key }) => key === 'sequence')).toMatchObject({ verdict: 'unknown' });
    // Starting a process is most of the first answer, on a busy machine as well.
    const again = performance.now();
    expect(await (await ask('case-1')).json()).toEqual(body);
    expect(performance.now() - again).toBeLessThan(first / 3);
  });

  it('looks again when the MR is another', async () => {
    const { grid, data } = smallMr();
    const shifted = { grid, data: Int16Array.from(data, (value) => value - 1000) };
    await storeSmallCase(world.services.workspace, 'case-2', { mr: shifted });
    const body = (await (await ask('case-2')).json()) as GateBody;
    expect(body.verdict).toBe('stop');
    await storeSmallCase(world.services.workspace, 'case-2');
    expect(((await (await ask('case-2')).json()) as GateBody).verdict).toBe('amber');
  });

  it('says what is missing', async () => {
    expect(await (await ask('nobody')).json()).toMatchObject({ error: { code: 'CASE_NOT_FOUND' } });
    expect(await (await ask('case-1', 'nothing')).json()).toMatchObject({
      error: { code: 'MODEL_NOT_FOUND' },
    });
    await storeSmallCase(world.services.workspace, 'ct-only', { ct: smallMr() });
    expect(await (await ask('ct-only')).json()).toMatchObject({ error: { code: 'FILE_NOT_FOUND' } });
  });
});
