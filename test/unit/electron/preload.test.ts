import { expect, it, vi } from 'vitest';

it('gives the window two dialogs and the paths of dropped files, and nothing else', async () => {
  const invoke = vi.fn(() => Promise.resolve(null));
  const worlds = new Map<string, Record<string, (argument: unknown) => unknown>>();
  vi.doMock('electron', () => ({
    contextBridge: {
      exposeInMainWorld: (name: string, api: Record<string, (argument: unknown) => unknown>) =>
        worlds.set(name, api),
    },
    ipcRenderer: { invoke },
    webUtils: { getPathForFile: (file: { path: string }) => file.path },
  }));
  await import('../../../src-main/preload.ts');
  expect([...worlds.keys()]).toEqual(['ilium']);
  const ilium = worlds.get('ilium')!;
  expect(Object.keys(ilium)).toEqual(['pathsOf', 'openDialog', 'saveDialog']);
  expect(ilium['pathsOf']!([{ path: '/data/a.dcm' }, { path: '' }])).toEqual(['/data/a.dcm']);
  await ilium['openDialog']!('folder');
  await ilium['saveDialog']!('bone.stl');
  expect(invoke.mock.calls).toEqual([
    ['dialog:open', 'folder'],
    ['dialog:save', 'bone.stl'],
  ]);
});
