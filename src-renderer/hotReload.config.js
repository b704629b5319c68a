// `npm run dev` without Electron: the window with hot reload, in front of an `ilium serve` that answers its requests. The name is
// none that other tools look for, since they would start it too.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const program = fileURLToPath(new URL('../src-main/ilium.mjs', import.meta.url));

/** Starts the application; resolves with its process and its first one-time link. */
async function startApplication() {
  const child = spawn(process.execPath, [program, 'serve', '--json'], { stdio: ['pipe', 'pipe', 'inherit'] });
  process.once('exit', () => child.kill('SIGTERM'));
  for await (const line of createInterface(child.stdout)) {
    const { link } = JSON.parse(line);
    if (link) return new URL(link);
  }
  throw new Error('The application could not be started.');
}

function application() {
  let link;
  return {
    name: 'application',
    async config() {
      link = await startApplication();
      // The application trusts its own origin only.
      const proxy = { target: link.origin, changeOrigin: true, headers: { origin: link.origin } };
      return { server: { proxy: { '/api': proxy, '/open': proxy } } };
    },
    configureServer({ httpServer }) {
      httpServer?.once('listening', () => {
        const { port } = httpServer.address();
        console.log(`Open http://127.0.0.1:${port}${link.pathname}${link.search} (the link works once).`);
      });
    },
  };
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [svelte(), application()],
  worker: { format: 'es' },
  server: { host: '127.0.0.1' },
});
