import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ComparisonsView } from '../../../src-main/api/contract/comparison.ts';
import type { ServerEvent } from '../../../src-main/api/contract/jobs.ts';
import type { ErrorBody } from '../../../src-main/api/contract/session.ts';
import { comparisonPage } from '../../../src-main/workflows/compare/report/comparisonPage.ts';
import { openApiWorld, type ApiWorld } from '../../fixtures/apiWorld.ts';

const page = comparisonPage({
  title: 'Comparison of meta, pgan',
  subject: [],
  comparison: { methods: [], cases: [], metrics: [], unpublished: [] },
  warnings: [],
  problems: [],
  notInstalled: [],
  cases: [],
  films: [],
  costs: [],
  further: [],
  command: 'ilium compare',
  commandFile: null,
  versions: 'Ilium',
});

function write(folder: string, createdAt: string, title = 'Comparison of meta, pgan'): void {
  mkdirSync(folder, { recursive: true });
  const methods = ['meta', 'pgan'].map((label) => ({ label, runs: [`${label}-1`] }));
  const record = { schemaVersion: 1, title, createdAt, methods, cases: ['case-a'], metrics: [] };
  writeFileSync(join(folder, 'comparison.json'), JSON.stringify(record));
  writeFileSync(join(folder, 'comparison.html'), page);
  writeFileSync(join(folder, 'comparison.csv'), 'method,run\r\n');
}

let world: ApiWorld;
const events: ServerEvent[] = [];
beforeEach(async () => {
  vi.stubEnv('CHROMIUM', '/nowhere/chromium');
  world = await openApiWorld({
    before(directory) {
      write(join(directory, 'exports/compare-1'), '2026-01-01T00:00:00.000Z');
      write(join(directory, 'experiments/sweep/report'), '2026-01-02T00:00:00.000Z', 'Sweep');
      mkdirSync(join(directory, 'exports/case-a-sct'));
      mkdirSync(join(directory, 'exports/half'));
      writeFileSync(join(directory, 'exports/half/comparison.json'), '{"schemaVersion": 1');
    },
  });
  events.length = 0;
  world.services.events.subscribe((event) => events.push(event));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await world.dispose();
});

const list = async (): Promise<ComparisonsView> =>
  (await (await world.request('/api/comparisons')).json()) as ComparisonsView;
const ids = async (): Promise<string[]> => (await list()).comparisons.map(({ comparisonId }) => comparisonId);
async function refusal(response: Promise<Response>): Promise<[number, string]> {
  const answer = await response;
  return [answer.status, ((await answer.json()) as ErrorBody).error.code];
}

describe('the list of comparisons', () => {
  it('holds those of runs and of experiments, newest first, and nothing that is none', async () => {
    const { comparisons, canPrint } = await list();
    expect(comparisons.map(({ comparisonId, origin, title }) => [comparisonId, origin, title])).toEqual([
      ['experiment:sweep', 'experiment', 'Sweep'],
      ['compare-1', 'runs', 'Comparison of meta, pgan'],
    ]);
    expect(comparisons[1]).toMatchObject({
      methods: [{ label: 'meta', runs: ['meta-1'] }, { label: 'pgan' }],
      cases: ['case-a'],
    });
    expect(canPrint).toBe(true);
  });
});

describe('the page', () => {
  it('comes in the theme asked for, with a policy that lets nothing run and only the window frame it', async () => {
    const answer = await world.request('/api/comparisons/compare-1/page?theme=dark');
    const policy = answer.headers.get('Content-Security-Policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'self'");
    expect(policy).not.toContain('script-src');
    expect(answer.headers.get('X-Frame-Options')).toBe('SAMEORIGIN');
    expect(answer.headers.get('Cross-Origin-Embedder-Policy')).toBe('require-corp');
    expect(answer.headers.get('Content-Type')).toMatch(/^text\/html/);
    const html = await answer.text();
    expect(html).toContain('<html data-theme="dark" lang="en">');
    expect(html).toContain(':root[data-theme=dark]');
  });

  it('is as it was written unless a theme is asked for', async () => {
    const answer = await world.request('/api/comparisons/experiment%3Asweep/page');
    expect(await answer.text()).toBe(page);
    expect(await refusal(world.request('/api/comparisons/compare-1/page?theme=blue'))).toEqual([
      400,
      'BAD_REQUEST',
    ]);
  });

  it('changes nothing of how other pages are protected', async () => {
    const { headers } = await world.request('/api/comparisons');
    expect(headers.get('X-Frame-Options')).toBe('DENY');
    expect(headers.get('Content-Security-Policy')).toContain("frame-ancestors 'none'");
  });

  it.each([
    'nowhere',
    '..',
    '..%2Fexports%2Fcompare-1',
    'case-a-sct',
    'experiment:..',
    'experiment%3Anowhere',
  ])('is not found for %s', async (id) => {
    const [status, code] = await refusal(world.request(`/api/comparisons/${id}/page`));
    expect(status).toBe(404);
    expect(['COMPARISON_NOT_FOUND', 'ROUTE_NOT_FOUND']).toContain(code);
  });
});

describe('files', () => {
  it('are given to be kept, under their names', async () => {
    const answer = await world.request('/api/comparisons/compare-1/files/comparison.csv');
    expect(answer.headers.get('Content-Type')).toMatch(/^text\/csv/);
    expect(answer.headers.get('Content-Disposition')).toContain('comparison.csv');
    expect(await answer.text()).toBe('method,run\r\n');
    expect(await refusal(world.request('/api/comparisons/compare-1/files/run.json'))).toEqual([
      404,
      'FILE_NOT_FOUND',
    ]);
  });

  it('have a PDF of the page as it is, not of an older one', async () => {
    const folder = join(world.folder, 'exports/compare-1');
    writeFileSync(join(folder, 'comparison.pdf'), 'PDF');
    const path = '/api/comparisons/compare-1/files/comparison.pdf';
    expect(await (await world.request(path)).text()).toBe('PDF');
    const later = new Date(Date.now() + 60_000);
    utimesSync(join(folder, 'comparison.html'), later, later);
    expect(await refusal(world.request(path))).toEqual([422, 'COMPARISON_NOT_PRINTED']);
  });

  it('say why there is no PDF', async () => {
    const answer = await world.request('/api/comparisons/compare-1/files/comparison.pdf');
    const { error } = (await answer.json()) as ErrorBody;
    expect([answer.status, error.code]).toEqual([422, 'COMPARISON_NOT_PRINTED']);
    expect(error.message).toContain('/nowhere/chromium');
  });
});

describe('deleting', () => {
  it('moves a comparison to the trash, from which it comes back', async () => {
    expect((await world.send('DELETE', '/api/comparisons/compare-1')).status).toBe(204);
    expect(await ids()).toEqual(['experiment:sweep']);
    expect(existsSync(join(world.folder, 'trash/compare-1/comparison.html'))).toBe(true);
    expect((await world.send('POST', '/api/comparisons/compare-1/restore')).status).toBe(204);
    expect(await ids()).toEqual(['experiment:sweep', 'compare-1']);
    expect(events.filter(({ type }) => type === 'changed')).toEqual([
      { type: 'changed', what: 'comparisons' },
      { type: 'changed', what: 'comparisons' },
    ]);
  });

  it("refuses an experiment's own, what is not there, and to overwrite", async () => {
    const send = (method: string, path: string): Promise<[number, string]> =>
      refusal(world.send(method, `/api/comparisons/${path}`));
    expect(await send('DELETE', 'experiment%3Asweep')).toEqual([400, 'BAD_REQUEST']);
    expect(await send('DELETE', 'nowhere')).toEqual([404, 'COMPARISON_NOT_FOUND']);
    expect(await send('POST', 'nowhere/restore')).toEqual([404, 'COMPARISON_NOT_FOUND']);
    expect(await send('POST', '..%2Fexports%2Fcompare-1/restore')).toEqual([404, 'COMPARISON_NOT_FOUND']);
    await world.send('DELETE', '/api/comparisons/compare-1');
    write(join(world.folder, 'exports/compare-1'), '2026-01-03T00:00:00.000Z');
    expect(await send('POST', 'compare-1/restore')).toEqual([409, 'OUTPUT_EXISTS']);
  });
});
