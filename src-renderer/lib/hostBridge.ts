/** What Electron's preload offers; absent in a browser. */
export interface HostBridge {
  pathsOf(files: readonly File[]): string[];
  openDialog(kind: 'files' | 'folder'): Promise<string[]>;
  saveDialog(suggested: string): Promise<string | null>;
}

declare global {
  interface Window {
    readonly ilium?: HostBridge;
  }
}

export function hostBridge(): HostBridge | null {
  return window.ilium ?? null;
}
