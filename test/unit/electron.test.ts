import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { JobSnapshot } from '../../src-main/api/contract/jobs.ts';
import type { Session } from '../../src-main/api/contract/session.ts';
import type * as createServicesModule from '../../src-main/services/createServices.ts';
import { createElectronFake, preventable } from '../fixtures/electronFake.ts';

let folder: string;
let closed: number;
/** What the job center is made to say. */
let jobs: JobSnapshot[];
let started: unknown[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ilium-electron-'));
  vi.stubEnv('ILIUM_WORKSPACE', join(folder, 'workspace'));
  vi.stubEnv('ELECTRON_RENDERER_URL', undefined);
  closed = 0;
  [jobs, started] = [[], []];
});

afterEach(async () => {
  vi.unstubAllEnvs();
  vi.doUnmock('electron');
  vi.resetModules();
  await rm(folder, { recursive: true, force: true });
});

/** Starts the host on a fake Electron and waits for its window. */
async function startHost(options: { isFirstInstance?: boolean } = {}) {
  const fake = createElectronFake({ userData: folder, ...options });
  vi.resetModules();
  vi.doMock('electron', () => fake.electron);
  vi.doMock('../../src-main/services/createServices.ts', async (original) => {
    const { createServices } = await original<typeof createServicesModule>();
    return {
      createServices: async (...given: Parameters<typeof createServices>) => {
        const services = await createServices(...given);
        const start = (job: unknown) => Promise.resolve(void started.push(job));
        return {
          ...services,
          jobCenter: { ...services.jobCenter, list: () => jobs, start },
          close: () => Promise.resolve(void (closed += 1)),
        };
      },
    };
  });
  await import('../../src-main/electron.ts');
  if (options.isFirstInstance !== false)
    await vi.waitFor(() => expect(fake.seen.windows[0]?.url).toBeTruthy());
  const ask = (path: string, init?: RequestInit): Promise<Response> =>
    fake.seen.handlers.get('ilium')!(new Request(`ilium://app${path}`, init));
  return { ...fake, ask, window: fake.seen.windows[0]! };
}

const job = (status: JobSnapshot['status']): JobSnapshot => ({
  jobId: 'job-1',
  kind: 'train',
  subject: 'run meta-1',
  status,
  startedAt: '2026-01-01T00:00:00Z',
  endedAt: status === 'running' ? null : '2026-01-01T00:01:00Z',
  progress: null,
  secondsLeft: null,
  memoryMiB: null,
  heardAt: '2026-01-01T00:00:00Z',
  message: null,
  error: null,
  result: null,
});

describe('the window', () => {
  it('is isolated, sandboxed, without Node, and shows the app of its own scheme', async () => {
    const { window, seen } = await startHost();
    expect(seen.windows).toHaveLength(1);
    expect(window.url).toBe('ilium://app/');
    expect(window.shown).toBe(true);
    expect(window.options).toMatchObject({ width: 1440, height: 900 });
    expect(window.options.webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
    });
    expect(window.options.webPreferences['preload']).toMatch(/preload\.cjs$/);
    expect(seen.schemes).toEqual([
      {
        scheme: 'ilium',
        privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true },
      },
    ]);
  });

  it('leaves the app to no other address and opens no other window', async () => {
    const { window } = await startHost();
    const away = preventable('https://example.org/');
    const lookalike = preventable('ilium://app.example.org/');
    const reload = preventable('ilium://app/');
    for (const event of [away, lookalike, reload]) window.webContents.emit('will-frame-navigate', event);
    expect([away.prevented, lookalike.prevented, reload.prevented]).toEqual([true, true, false]);
    expect(window.webContents.openWindow?.({ url: 'https://example.org/' })).toEqual({ action: 'deny' });
  });

  it('may write to the clipboard and nothing else', async () => {
    const { seen } = await startHost();
    const granted: unknown[] = [];
    for (const name of ['clipboard-sanitized-write', 'clipboard-read', 'media', 'geolocation'])
      seen.permission.request?.({}, name, (answer: unknown) => granted.push(answer));
    expect(granted).toEqual([true, false, false, false]);
    expect(seen.permission.check?.({}, 'notifications')).toBe(false);
  });

  it('stands where it stood, unless that screen is gone', async () => {
    const place = (x: number) =>
      writeFile(
        join(folder, 'window.json'),
        JSON.stringify({
          schemaVersion: 1,
          bounds: { x, y: 50, width: 1200, height: 700 },
          maximized: false,
          recentPaths: [],
        }),
      );
    await place(100);
    expect((await startHost()).window.options).toMatchObject({ x: 100, y: 50, width: 1200, height: 700 });
    await place(5000);
    const { options } = (await startHost()).window;
    expect(options).toMatchObject({ width: 1440, height: 900 });
    expect(options).not.toHaveProperty('x');
  });
});

describe('the scheme', () => {
  it('answers as the application does', async () => {
    const { ask } = await startHost();
    const session = (await (await ask('/api/session')).json()) as Session;
    expect(session).toMatchObject({
      host: 'electron',
      canOpenPaths: true,
      workspace: join(folder, 'workspace'),
    });
    expect((await ask('/api/session')).headers.get('content-security-policy')).toContain("script-src 'self'");
  });

  it('refuses a request that another origin makes', async () => {
    const { ask } = await startHost();
    const answer = await ask('/api/jobs', {
      method: 'POST',
      headers: { origin: 'https://example.org' },
      body: '{}',
    });
    expect(answer.status).toBe(403);
  });

  it('takes the window from the development server while developing, and the application still answers', async () => {
    vi.stubEnv('ELECTRON_RENDERER_URL', 'http://localhost:5173');
    const { ask } = await startHost();
    expect(await (await ask('/main.ts')).text()).toBe('from http://localhost:5173/main.ts');
    expect((await ask('/api/session')).status).toBe(200);
  });
});

describe('native dialogs', () => {
  const page = { senderFrame: { url: 'ilium://app/' } };

  it('give the chosen paths to the window and remember them', async () => {
    const { seen, answers, menuItem } = await startHost();
    answers.open = ['/data/study'];
    expect(await seen.ipc.get('dialog:open')!(page, 'folder')).toEqual(['/data/study']);
    expect(seen.recent).toEqual(['/data/study']);
    expect(menuItem('File', 'Open recent', '/data/study')).toBeDefined();
    menuItem('File', 'Open recent', 'Clear this list')?.click?.();
    expect(menuItem('File', 'Open recent')?.submenu?.map(({ label }) => label)).toEqual([
      'Nothing opened yet',
    ]);
  });

  it('give null when nothing was chosen', async () => {
    const { seen, answers } = await startHost();
    expect(await seen.ipc.get('dialog:save')!(page, 'bone.stl')).toBeNull();
    answers.save = '/data/bone.stl';
    expect(await seen.ipc.get('dialog:save')!(page, 'bone.stl')).toBe('/data/bone.stl');
  });

  it('answer to the window alone, and only what can be asked', async () => {
    const { seen } = await startHost();
    const handler = seen.ipc.get('dialog:open')!;
    expect(() => handler({ senderFrame: { url: 'https://example.org/' } }, 'folder')).toThrow(
      'Only the window',
    );
    expect(() => handler({ senderFrame: null }, 'folder')).toThrow('Only the window');
    await expect(handler(page, '/etc')).rejects.toThrow();
  });
});

describe('opening', () => {
  it('what was opened before imports it again', async () => {
    const { answers, menuItem, seen } = await startHost();
    answers.open = ['/data/study'];
    await seen.ipc.get('dialog:open')!({ senderFrame: { url: 'ilium://app/' } }, 'folder');
    menuItem('File', 'Open recent', '/data/study')?.click?.();
    expect(started).toEqual([{ kind: 'import', paths: ['/data/study'] }]);
  });

  it('what a second start names imports it here', async () => {
    const { app } = await startHost();
    app.emit('second-instance', {}, ['electron', '.', '/data/study']);
    expect(started).toEqual([{ kind: 'import', paths: ['/data/study'] }]);
  });
});

describe('menus', () => {
  it('press the keys that the window knows', async () => {
    const { window, menuItem } = await startHost();
    menuItem('View', 'Command palette')?.click?.();
    menuItem('View', 'Bone')?.click?.();
    const modifier = process.platform === 'darwin' ? 'meta' : 'control';
    expect(window.webContents.inputs).toEqual([
      { type: 'keyDown', keyCode: 'K', modifiers: [modifier] },
      { type: 'keyUp', keyCode: 'K', modifiers: [modifier] },
      { type: 'keyDown', keyCode: 'G', modifiers: [] },
      { type: 'keyUp', keyCode: 'G', modifiers: [] },
      { type: 'keyDown', keyCode: 'B', modifiers: [] },
      { type: 'keyUp', keyCode: 'B', modifiers: [] },
    ]);
  });

  it('say what the program is and is not, and show the workspace', async () => {
    const { seen, menuItem } = await startHost();
    menuItem('Help', 'About Ilium')?.click?.();
    expect(seen.boxes[0]).toMatchObject({ message: 'Ilium 1.2.3' });
    expect(seen.boxes[0]?.detail).toContain('not a medical device');
    menuItem('Help', 'Show the workspace folder')?.click?.();
    expect(seen.opened).toEqual([join(folder, 'workspace')]);
  });
});

describe('the end', () => {
  it('comes at once when nothing runs, and keeps where the window stood', async () => {
    const { window, seen, app } = await startHost();
    const close = preventable();
    window.emit('close', close);
    expect(close.prevented).toBe(true);
    await vi.waitFor(() => expect(seen.quits).toBe(1));
    expect(seen.boxes).toEqual([]);
    expect(closed).toBe(1);
    const quit = preventable();
    app.emit('before-quit', quit);
    expect(quit.prevented).toBe(false);
    expect(JSON.parse(await readFile(join(folder, 'window.json'), 'utf8'))).toMatchObject({
      bounds: { x: 10, y: 20, width: 1300, height: 800 },
    });
  });

  it('asks once while a job runs, stays on Cancel, and stops the jobs first when told to', async () => {
    const { seen, answers, app } = await startHost();
    jobs = [job('done'), job('running')];
    answers.box = 1;
    app.emit('before-quit', preventable());
    app.emit('before-quit', preventable());
    await vi.waitFor(() => expect(seen.boxes).toHaveLength(1));
    expect(seen.boxes[0]).toMatchObject({
      message: 'A job is still running',
      buttons: ['Stop and quit', 'Cancel'],
    });
    expect(seen.boxes[0]?.detail).toContain('run meta-1');
    await new Promise((resolve) => setImmediate(resolve));
    expect([seen.quits, closed]).toEqual([0, 0]);
    answers.box = 0;
    app.emit('before-quit', preventable());
    await vi.waitFor(() => expect([closed, seen.quits]).toEqual([1, 1]));
  });

  it('does not ask about a job that has ended', async () => {
    const { seen, app } = await startHost();
    jobs = [job('done')];
    app.emit('before-quit', preventable());
    await vi.waitFor(() => expect(seen.quits).toBe(1));
    expect(seen.boxes).toEqual([]);
  });
});

it('hands over to the program that runs already', async () => {
  const { seen } = await startHost({ isFirstInstance: false });
  expect(seen.quits).toBe(1);
  expect(seen.windows).toEqual([]);
});

it('comes to the front when it is started again', async () => {
  const { window, app } = await startHost();
  app.emit('second-instance', {}, ['electron', '.']);
  expect(window.focused).toBe(true);
});

it('says why it cannot start', async () => {
  await writeFile(join(folder, 'workspace'), 'a file where the folder should be');
  const fake = createElectronFake({ userData: folder });
  vi.doMock('electron', () => fake.electron);
  vi.resetModules();
  vi.doUnmock('../../src-main/services/createServices.ts');
  await import('../../src-main/electron.ts');
  await vi.waitFor(() => expect(fake.seen.exitCode).toBe(1));
  expect(fake.seen.errors[0]).toContain(join(folder, 'workspace'));
});
