/** How the window is opened: where it last stood, and locked up as tightly as Electron can. */
import { visibleBounds, type Bounds, type WindowState } from './windowState.ts';

/** `screens`: the work areas of the displays; `preload`: the built preload script. */
export function windowOptions(state: WindowState, screens: readonly Bounds[], preload: string) {
  return {
    width: 1440,
    height: 900,
    ...visibleBounds(state.bounds, screens),
    minWidth: 1024,
    minHeight: 640,
    show: false,
    // As the page's own, so that nothing flashes before it is drawn.
    backgroundColor: '#0b0e11',
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
    },
  };
}
