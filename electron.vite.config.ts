/** Builds the program: main and worker processes, the sandboxed preload (CommonJS, as Electron asks), and the window. */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';
import { resolve } from 'node:path';

const from = (path: string): string => resolve(import.meta.dirname, path);

export default defineConfig({
  main: {
    build: {
      rolldownOptions: {
        // Programs of their own: the window's process, the child that runs jobs, and the child that tries a device.
        input: ['electron.ts', 'worker.ts', 'tensor/executors/probe/probeChild.ts'].map((file) =>
          from(`src-main/${file}`),
        ),
        // One file each, as in the sources, so that a program finds another by the same relative address.
        output: { preserveModules: true, preserveModulesRoot: from('src-main') },
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
