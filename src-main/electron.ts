/**
 * The Electron host: one window on the app's own scheme, menus, native dialogs and the end of the program. All behaviour is the
 * application's; nothing but two dialogs and the paths of dropped files reaches the window past it (`preload.ts`).
 */
import { app, BrowserWindow, dialog, ipcMain, Menu, net, protocol, screen, session, shell } from 'electron';
import { join } from 'node:path';
import { z } from 'zod';
import { createApp } from './api/app.ts';
import type { JobStart } from './api/contract/jobs.ts';
import { argumentsOf } from './electron/argumentsOf.ts';
import { hostTexts } from './electron/hostTexts.ts';
import { keyPresses } from './electron/keyPresses.ts';
import { menuTemplate } from './electron/menuTemplate.ts';
import { aboutBox, quitQuestion, stopAndQuit } from './electron/messageBoxes.ts';
import { windowOptions } from './electron/windowOptions.ts';
import { keepWindowState, readWindowState, withRecentPaths } from './electron/windowState.ts';
import { createServices } from './services/createServices.ts';
import { defaultWorkspace } from './services/workspace/defaultWorkspace.ts';
import { toAppError } from './shared/toAppError.ts';

const origin = 'ilium://app';
/** Of the build, whose `main/` this file is in. */
const outDirectory = join(import.meta.dirname, '..');
const isOurs = (url: string | undefined): boolean => url?.startsWith(`${origin}/`) === true;
/** Set by electron-vite while developing: the window's files then come from there, changed ones at once. */
const developmentUrl = app.isPackaged ? undefined : process.env['ELECTRON_RENDERER_URL'];

protocol.registerSchemesAsPrivileged([
  { scheme: 'ilium', privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
]);
app.on('web-contents-created', (_event, contents) => {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-frame-navigate', (event) => {
    if (!isOurs(event.url)) event.preventDefault();
  });
});
if (app.requestSingleInstanceLock()) void app.whenReady().then(start).catch(fail);
else app.quit();

async function start(): Promise<void> {
  const texts = hostTexts(app.getLocale());
  const given = argumentsOf(process.argv, app.isPackaged, process.cwd());
  const services = await createServices({
    workspaceDirectory: given.workspace ?? defaultWorkspace(),
    host: { host: 'electron', canOpenPaths: true },
    rendererDirectory: join(outDirectory, 'renderer'),
  });
  const application = createApp(services, { isOwnOrigin: (name) => name === origin });
  protocol.handle('ilium', (request) => {
    const { pathname } = new URL(request.url);
    const isDeveloped = developmentUrl !== undefined && !pathname.startsWith('/api/');
    return isDeveloped ? net.fetch(new URL(pathname, developmentUrl).href) : application.fetch(request);
  });
  const isAllowed = (permission: string): boolean => permission === 'clipboard-sanitized-write';
  session.defaultSession.setPermissionRequestHandler((_contents, name, answer) => answer(isAllowed(name)));
  session.defaultSession.setPermissionCheckHandler((_contents, name) => isAllowed(name));

  const statePath = join(app.getPath('userData'), 'window.json');
  let state = await readWindowState(statePath);
  const screens = screen.getAllDisplays().map(({ workArea }) => workArea);
  const window = new BrowserWindow(windowOptions(state, screens, join(outDirectory, 'preload/preload.cjs')));
  if (state.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  const remember = (paths: readonly string[]): void => {
    for (const path of paths) app.addRecentDocument(path);
    state = withRecentPaths(state, paths);
    showMenu();
  };
  const openPaths = (paths: readonly string[]): void => {
    if (paths.length === 0) return;
    remember(paths);
    services.jobCenter.start({ kind: 'import', paths } satisfies JobStart).catch(tell);
  };
  const showMenu = (): void => {
    const template = menuTemplate({
      texts,
      platform: process.platform,
      isDevelopment: !app.isPackaged,
      recentPaths: state.recentPaths,
      press: (key) =>
        keyPresses(key, process.platform).forEach((event) => window.webContents.sendInputEvent(event)),
      openPaths,
      clearRecent: () => {
        app.clearRecentDocuments();
        state = { ...state, recentPaths: [] };
        showMenu();
      },
      showWorkspace: () => void shell.openPath(services.workspace.directory),
      showAbout: () => void dialog.showMessageBox(window, aboutBox(texts, app.getVersion())),
    });
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  };
  showMenu();
  const onAsked = (channel: string, answer: (argument: unknown) => Promise<unknown>): void =>
    ipcMain.handle(channel, (event, argument: unknown) => {
      if (!isOurs(event.senderFrame?.url)) throw new Error('Only the window may ask.');
      return answer(argument);
    });
  onAsked('dialog:open', async (kind) => {
    const what = z.enum(['files', 'folder']).parse(kind) === 'folder' ? 'openDirectory' : 'openFile';
    const properties: ('openDirectory' | 'openFile' | 'multiSelections')[] = [what, 'multiSelections'];
    const { filePaths: paths } = await dialog.showOpenDialog(window, { properties });
    remember(paths);
    return paths;
  });
  onAsked('dialog:save', async (suggested) => {
    const defaultPath = z.string().parse(suggested);
    const { canceled, filePath } = await dialog.showSaveDialog(window, { defaultPath });
    return canceled ? null : filePath;
  });

  let end: 'no' | 'asked' | 'yes' = 'no';
  const askBeforeEnd = (event: Electron.Event): void => {
    if (end !== 'yes') event.preventDefault();
    if (end === 'no') void tryToEnd().catch(fail);
  };
  const tryToEnd = async (): Promise<void> => {
    end = 'asked';
    const jobs = services.jobCenter.list().filter(({ endedAt }) => endedAt === null);
    const answer = jobs.length > 0 && (await dialog.showMessageBox(window, quitQuestion(texts, jobs)));
    if (answer === false || answer.response === stopAndQuit) {
      await keepWindowState(statePath, state, window);
      await services.close();
      end = 'yes';
      app.quit();
    } else end = 'no';
  };
  window.on('close', askBeforeEnd);
  app.on('before-quit', askBeforeEnd);
  app.on('second-instance', (_event, argv, directory) => {
    if (window.isMinimized()) window.restore();
    window.focus();
    openPaths(argumentsOf(argv, app.isPackaged, directory).paths);
  });
  await window.loadURL(`${origin}/`);
  openPaths(given.paths);
}

function tell(error: unknown): void {
  dialog.showErrorBox(hostTexts(app.getLocale())['failed'], toAppError(error).message);
}

function fail(error: unknown): void {
  tell(error);
  app.exit(1);
}
