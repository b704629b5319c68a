// `npm run dev` without Electron: the window with hot reload, in front of an `ilium serve` that answers its requests.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const program = fileURLToPath(new URL('../src-main/ilium.mjs', import.meta.url));

/** Starts the application; resolves with its process and its first one-time link. */
async function startApplication() {
  const child = spawn(process.execPath, [program, 'serve', '--json'], { stdio: ['pipe', 'pipe', 'inherit'] });
  for await (const line of createInterface(child.stdout)) {
    const { link } = JSON.parse(line);
    if (link) return { child, link: new URL(link) };
  }
  throw new Error('The application could not be started.');
}

export default defineConfig(async () => {
  const { child, link } = await startApplication();
  const proxy = {
    target: link.origin,
    changeOrigin: true,
    // The application trusts its own origin only.
    headers: { origin: link.origin },
  };
  return {
    root: import.meta.dirname,
    configFile: false,
    plugins: [
      svelte(),
      {
        name: 'application',
        configureServer(server) {
          server.httpServer?.once('listening', () => {
            const { port } = server.httpServer.address();
            console.log(`Open http://127.0.0.1:${port}${link.pathname}${link.search} (the link works once).`);
          });
          server.httpServer?.once('close', () => child.kill('SIGTERM'));
        },
      },
    ],
    worker: { format: 'es' },
    server: { host: '127.0.0.1', proxy: { '/api': proxy, '/open': proxy } },
  };
});
