import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobSnapshot, ServerEvent } from '../../../src-main/api/contract/jobs.ts';
import type { ErrorBody } from '../../../src-main/api/contract/session.ts';
import { openApiWorld, type ApiWorld } from '../../fixtures/apiWorld.ts';

let world: ApiWorld;
beforeEach(async () => {
  world = await openApiWorld({ testJobs: true });
});
afterEach(() => world.dispose());

async function start(body: unknown): Promise<JobSnapshot> {
  const response = await world.send('POST', '/api/jobs', body);
  expect(response.status).toBe(202);
  return (await response.json()) as JobSnapshot;
}
const get = async (jobId: string): Promise<JobSnapshot> =>
  (await (await world.request(`/api/jobs/${jobId}`)).json()) as JobSnapshot;

describe('jobs', () => {
  it('are started, followed in the event stream to their end, and kept with their log', async () => {
    const reader = (await world.request('/api/events'))
      .body!.pipeThrough(new TextDecoderStream())
      .getReader();
    let text = '';
    const readUntil = async (part: string): Promise<void> => {
      while (!text.includes(part)) text += (await reader.read()).value ?? '';
    };
    const { jobId, status } = await start({ work: 'untilAsked', changes: ['cases'] });
    expect(status).toBe('running');
    await readUntil('"step":"waiting"');
    await world.send('POST', `/api/jobs/${jobId}/cancel`, {});
    await readUntil('"changed"');
    await reader.cancel();
    const events = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as ServerEvent);
    expect(events[0]).toEqual({ type: 'snapshot', jobs: [] });
    const statuses = events.flatMap((event) => (event.type === 'job' ? [event.job.status] : []));
    expect([...new Set(statuses)]).toEqual(['running', 'stopping', 'cancelled']);
    expect(events.at(-1)).toEqual({ type: 'changed', what: 'cases' });
    expect(await get(jobId)).toMatchObject({ status: 'cancelled', result: { stoppedAtStep: 3 } });
    const log = await world.request(`/api/jobs/${jobId}/log`);
    expect([log.headers.get('Content-Type'), await log.text()]).toEqual([
      expect.stringContaining('text/plain'),
      expect.stringMatching(/^\S+Z cancelled\n$/),
    ]);
  });

  it('are asked to stop first and killed only by force', async () => {
    const { jobId } = await start({ work: 'deaf' });
    const asked = await world.send('POST', `/api/jobs/${jobId}/cancel`, {});
    expect(await asked.json()).toMatchObject({ status: 'stopping', endedAt: null });
    expect(await get(jobId)).toMatchObject({ status: 'stopping' });
    await world.send('POST', `/api/jobs/${jobId}/cancel`, { force: true });
    expect(await world.services.jobCenter.finished(jobId)).toMatchObject({ status: 'cancelled' });
  });

  it('are forgotten only when they have ended', async () => {
    const { jobId } = await start({ work: 'untilAsked' });
    expect((await world.send('DELETE', `/api/jobs/${jobId}`)).status).toBe(409);
    await world.send('POST', `/api/jobs/${jobId}/cancel`, {});
    await world.services.jobCenter.finished(jobId);
    expect((await world.send('DELETE', `/api/jobs/${jobId}`)).status).toBe(204);
    expect((await world.request(`/api/jobs/${jobId}`)).status).toBe(404);
    expect((await world.request(`/api/jobs/${jobId}/log`)).status).toBe(404);
  });

  it('that cannot be understood are refused with the reason', async () => {
    const response = await world.send('POST', '/api/jobs', { work: 7 });
    expect([response.status, ((await response.json()) as ErrorBody).error.code]).toEqual([
      400,
      'BAD_REQUEST',
    ]);
    expect((await world.send('POST', '/api/jobs/job-1/cancel', {})).status).toBe(404);
    expect((await world.send('POST', '/api/jobs/job-1/cancel', { force: 'yes' })).status).toBe(400);
  });
});

it('the window starts only kinds of work it knows', async () => {
  const real = await openApiWorld();
  const response = await real.send('POST', '/api/jobs', { kind: 'format-disk' });
  expect([response.status, ((await response.json()) as ErrorBody).error.code]).toEqual([400, 'BAD_REQUEST']);
  await real.dispose();
});
