/** What the sandboxed window may ask of Electron: paths of dropped files, and the system's own dialogs. Nothing else is exposed. */
import { contextBridge, ipcRenderer, webUtils } from 'electron';

type DroppedFile = Parameters<typeof webUtils.getPathForFile>[0];

contextBridge.exposeInMainWorld('ilium', {
  /** Paths on disk of files the person dropped or chose; a file that has none is left out. */
  pathsOf: (files: readonly DroppedFile[]): string[] =>
    files.map((file) => webUtils.getPathForFile(file)).filter((path) => path !== ''),
  /** Chosen paths; empty when cancelled. */
  openDialog: (kind: 'files' | 'folder'): Promise<unknown> => ipcRenderer.invoke('dialog:open', kind),
  /** The chosen path; null when cancelled. */
  saveDialog: (suggested: string): Promise<unknown> => ipcRenderer.invoke('dialog:save', suggested),
});
