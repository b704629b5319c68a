/**
 * The menus as plain data. What the window can do has a key there; its menu item shows that key and presses it, so that menu and
 * window cannot come to differ. Only what the window cannot do has a function of its own.
 */
import type { HostTexts } from './hostTexts.ts';

export interface MenuEntry {
  readonly label?: string;
  readonly role?: 'appMenu' | 'editMenu' | 'quit' | 'reload' | 'togglefullscreen' | 'toggleDevTools';
  readonly type?: 'separator';
  readonly accelerator?: string;
  readonly registerAccelerator?: boolean;
  readonly enabled?: boolean;
  readonly click?: () => void;
  readonly submenu?: MenuEntry[];
}

export interface MenuSituation {
  readonly texts: HostTexts;
  readonly platform: string;
  readonly isDevelopment: boolean;
  readonly recentPaths: readonly string[];
  /** Presses a key such as `Mod+K` in the window. */
  readonly press: (key: string) => void;
  readonly openPaths: (paths: readonly string[]) => void;
  readonly clearRecent: () => void;
  readonly showWorkspace: () => void;
  readonly showAbout: () => void;
}

/** The window's own keys, in its spelling (`src-renderer/lib/keys.ts`); a test holds the two together. */
export const windowKeys = {
  openFolder: 'Mod+O',
  openFiles: 'Mod+Shift+O',
  /** Every desk exports what it shows. */
  export: 'E',
  library: 'G L',
  synthesize: 'G S',
  train: 'G T',
  bone: 'G B',
  settings: 'G ,',
  palette: 'Mod+K',
  shortcuts: '?',
} as const;

const separator: MenuEntry = { type: 'separator' };

/** The menu bar, ready for `Menu.buildFromTemplate`. */
export function menuTemplate(situation: MenuSituation): MenuEntry[] {
  const { texts, platform, press } = situation;
  const isMac = platform === 'darwin';
  const key = (label: string, windowKey: string): MenuEntry => ({
    label,
    click: () => press(windowKey),
    // Shown only: the window answers the key itself. A menu cannot show two strokes, and macOS would take a bare sign away from
    // whoever types it.
    ...(windowKey.startsWith('Mod+')
      ? { accelerator: windowKey.replace('Mod', 'CommandOrControl'), registerAccelerator: false }
      : {}),
  });
  return [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    {
      label: texts['file'],
      submenu: [
        key(texts['open-folder'], windowKeys.openFolder),
        key(texts['open-files'], windowKeys.openFiles),
        { label: texts['open-recent'], submenu: recentMenu(situation) },
        separator,
        key(texts['export'], windowKeys.export),
        ...(isMac ? [] : [separator, { role: 'quit', label: texts['quit'] } as const]),
      ],
    },
    // Elsewhere the window edits text without a menu; on macOS copying and pasting are menu items.
    ...(isMac ? [{ role: 'editMenu' } as const] : []),
    {
      label: texts['view'],
      submenu: [
        key(texts['library'], windowKeys.library),
        key(texts['synthesize'], windowKeys.synthesize),
        key(texts['train'], windowKeys.train),
        key(texts['bone'], windowKeys.bone),
        key(texts['settings'], windowKeys.settings),
        separator,
        key(texts['palette'], windowKeys.palette),
        separator,
        { role: 'reload', label: texts['reload'] },
        { role: 'togglefullscreen', label: texts['full-screen'] },
        ...(situation.isDevelopment ? [{ role: 'toggleDevTools' } as const] : []),
      ],
    },
    {
      label: texts['help'],
      submenu: [
        key(texts['shortcuts'], windowKeys.shortcuts),
        { label: texts['workspace'], click: situation.showWorkspace },
        { label: texts['about'], click: situation.showAbout },
      ],
    },
  ];
}

function recentMenu({ texts, recentPaths, openPaths, clearRecent }: MenuSituation): MenuEntry[] {
  if (recentPaths.length === 0) return [{ label: texts['no-recent'], enabled: false }];
  return [
    // A single & would underline the letter after it.
    ...recentPaths.map((path) => ({ label: path.replaceAll('&', '&&'), click: () => openPaths([path]) })),
    separator,
    { label: texts['clear-recent'], click: clearRecent },
  ];
}
