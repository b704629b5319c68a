import { Hono } from 'hono';
import type { AppServices } from '../../services/appServices.ts';

/** The window itself. Its scripts and styles carry a hash in their names and are kept by the browser; the page is asked for anew. */
export function staticFileRoutes({ window }: AppServices): Hono {
  const routes = new Hono();
  routes.get('*', async (context, next) => {
    const file = await window?.find(context.req.path);
    if (file === undefined) {
      await next();
      return;
    }
    return new Response(context.req.method === 'HEAD' ? null : file.open(), {
      headers: {
        'Content-Type': file.contentType,
        'Content-Length': String(file.bytes),
        'Cache-Control': file.isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
      },
    });
  });
  return routes;
}
