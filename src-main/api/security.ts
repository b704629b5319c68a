/**
 * What every request has to pass and every answer carries: requests come from the window of this very host (`Host` against DNS rebinding,
 * `Origin` and `Sec-Fetch-Site` against other sites' forms and scripts), answers allow the window its own files and nothing else.
 */
import type { MiddlewareHandler } from 'hono';
import { AppError } from '../shared/appError.ts';

/** vtk.js compiles WebAssembly and Svelte sets style attributes; beyond that all comes from the application itself. */
const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' blob: data:",
  "worker-src 'self' blob:",
  "connect-src 'self'",
  // Reports: pages without scripts, with a stricter policy of their own.
  "frame-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const headers: Readonly<Record<string, string>> = {
  'Content-Security-Policy': contentSecurityPolicy,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  // Both together isolate the page (crossOriginIsolated), which shared memory needs.
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

/** Whether an origin such as `http://127.0.0.1:4711` is the host's own. */
export type IsOwnOrigin = (origin: string) => boolean;

/** Refuses requests that were not made by the host's own window, and sets the headers of every answer that has not set them itself. */
export function security(isOwnOrigin: IsOwnOrigin): MiddlewareHandler {
  return async (context, next) => {
    const { raw, path } = context.req;
    const { protocol, host } = new URL(raw.url);
    const refuse = (reason: string): never => {
      throw new AppError('REQUEST_REFUSED', { reason });
    };
    if (!isOwnOrigin(`${protocol}//${host}`)) refuse('it names another host');
    if (raw.method !== 'GET' && raw.method !== 'HEAD') {
      const origin = raw.headers.get('Origin');
      const site = raw.headers.get('Sec-Fetch-Site');
      if (origin === null ? site !== null && site !== 'same-origin' : !isOwnOrigin(origin))
        refuse('it comes from another site');
    }
    await next();
    for (const [name, value] of Object.entries(headers))
      if (!context.res.headers.has(name)) context.res.headers.set(name, value);
    if (path.startsWith('/api/')) context.res.headers.set('Cache-Control', 'no-store');
  };
}
