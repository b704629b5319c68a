// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cursor } from '../../../src-renderer/state/cursor.svelte.ts';
import { study } from '../../../src-renderer/state/study.svelte.ts';
import { fakeServer, refusal, type FakeServer } from '../fixtures/fakeServer.ts';
import { anSct, aStudy, volumeAnswer } from '../fixtures/volumes.ts';

let server: FakeServer;

beforeEach(() => {
  server = fakeServer({
    'GET /api/cases/a': () => aStudy('a', { scts: [anSct('old', '2026-01-01T00:00:00.000Z'), anSct('new')] }),
    'GET /api/cases/a/volumes/mr': () => volumeAnswer(0),
    'GET /api/cases/a/volumes/ct': () => volumeAnswer(100),
    'GET /api/cases/a/volumes/new': () => volumeAnswer(200),
    'GET /api/cases/a/volumes/old': () => volumeAnswer(300),
    'GET /api/cases/b': () => aStudy('b', { ct: null }),
    'GET /api/cases/b/volumes/mr': () => volumeAnswer(1000),
  });
});
afterEach(() => {
  study.close();
  vi.unstubAllGlobals();
});

const open = async (caseId: string): Promise<void> => {
  study.follow(caseId);
  await vi.waitFor(() => expect(study.loading === null && study.volumes.mr).toBeTruthy());
};

describe('study', () => {
  it('loads MR, CT and the newest sCT, one after the other', async () => {
    await open('a');
    await vi.waitFor(() => expect(study.volumes.sct).toBeDefined());
    expect(study.sctId).toBe('new');
    expect(study.sample('sct', [0, 0, 0])).toBe(200);
    const volumes = server.requests.map(({ route }) => route).filter((route) => route.includes('volumes'));
    expect(volumes.map((route) => route.split('/').at(-1))).toEqual(['mr', 'ct', 'new']);
    expect(study.memoryBytes).toBe(3 * 64);
  });

  it('tells of slices as they come, in the volume that is already shown', async () => {
    const heard: [number, number, boolean][] = [];
    const stop = study.onSlices((volume, from, to) => heard.push([from, to, study.shown('mr') === volume]));
    await open('b');
    stop();
    expect(heard).toEqual([
      [0, 1, true],
      [1, 2, true],
    ]);
  });

  it('puts the cursor on a voxel centre in the middle and reads what is there', async () => {
    await open('b');
    expect(cursor.lps).toEqual([2, 2, 2.5]);
    expect(study.sample('mr', [2, 2, 2.5])).toBe(1000 + 2 + 8 + 16);
    expect(study.sample('mr', [99, 0, 0])).toBeNull();
  });

  it('lets go of the first study when a second one opens', async () => {
    await open('a');
    await open('b');
    expect(Object.keys(study.volumes)).toEqual(['mr']);
    expect(study.sample('mr', [0, 0, 0])).toBe(1000);
    expect(study.memoryBytes).toBe(64);
  });

  it('forgets a late answer of a study that was left', async () => {
    let answer: (response: Response) => void = () => undefined;
    server.routes['GET /api/cases/a/volumes/mr'] = () => new Promise((resolve) => (answer = resolve));
    study.follow('a');
    await vi.waitFor(() =>
      expect(server.requests.some(({ route }) => route.endsWith('a/volumes/mr'))).toBe(true),
    );
    await open('b');
    answer(volumeAnswer(0));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(study.sample('mr', [0, 0, 0])).toBe(1000);
    expect(study.error).toBeNull();
  });

  it('keeps what had come when loading is cancelled, and loads the rest on request', async () => {
    server.routes['GET /api/cases/a/volumes/ct'] = () => new Promise(() => undefined);
    study.follow('a');
    await vi.waitFor(() => expect(study.volumes.mr).toBeDefined());
    study.cancel();
    expect([study.loading, study.cancelled, Boolean(study.volumes.mr)]).toEqual([null, true, true]);
    server.routes['GET /api/cases/a/volumes/ct'] = () => volumeAnswer(100);
    await study.resume();
    expect(study.volumes.ct).toBeDefined();
  });

  it('keeps an error for the person and the images that came before it', async () => {
    server.routes['GET /api/cases/a/volumes/ct'] = () => refusal('FILE_NOT_FOUND', 404);
    study.follow('a');
    await vi.waitFor(() => expect(study.error).toMatchObject({ code: 'FILE_NOT_FOUND' }));
    expect(study.volumes.mr).toBeDefined();
  });

  it('says when a volume is cut short instead of showing half of it', async () => {
    server.routes['GET /api/cases/b/volumes/mr'] = () => volumeAnswer(0, { size: [4, 4, 3] });
    study.follow('b');
    await vi.waitFor(() => expect(study.error).not.toBeNull());
    expect(study.volumes.mr).toBeUndefined();
  });

  it('shows another sCT and lets go of the one before', async () => {
    await open('a');
    await vi.waitFor(() => expect(study.volumes.sct).toBeDefined());
    await study.chooseSct('old');
    expect(study.sample('sct', [0, 0, 0])).toBe(300);
    expect(study.memoryBytes).toBe(3 * 64);
  });
});
