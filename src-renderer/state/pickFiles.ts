/** Lets the person choose what to import: the system's dialog in Electron, the browser's elsewhere. */
import { hostBridge } from '../lib/hostBridge.ts';
import { imports } from './imports.svelte.ts';
import { notifyError } from './notices.svelte.ts';

export function pickFiles(kind: 'files' | 'folder'): void {
  const host = hostBridge();
  if (host) {
    void host.openDialog(kind).then((paths) => imports.importPaths(paths), notifyError);
    return;
  }
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  input.webkitdirectory = kind === 'folder';
  input.addEventListener('change', () => imports.choose(input.files));
  input.click();
}
