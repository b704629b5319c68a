/** Builds the program: main and worker processes, the sandboxed preload (CommonJS, as Electron asks), and the window. */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';
import { resolve } from 'node:path';

const from = (path: string): string => resolve(import.meta.dirname, path);

export default defineConfig({
  main: {
    build: {
      rolldownOptions: {
        input: { electron: from('src-main/electron.ts'), worker: from('src-main/worker.ts') },
      },
    },
  },
  preload: {
    build: {
      rolldownOptions: {
        input: from('src-main/preload.ts'),
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: from('src-renderer'),
    plugins: [svelte()],
    build: {
      outDir: from('out/renderer'),
      minify: true,
      // Scripts of a data: URL are refused by the content security policy.
      assetsInlineLimit: 0,
      rolldownOptions: { input: from('src-renderer/index.html') },
    },
    worker: { format: 'es' },
  },
});
