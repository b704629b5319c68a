import { Hono } from 'hono';
import type { AppServices } from '../../services/appServices.ts';
import { AppError } from '../../shared/appError.ts';

/** Files dropped into a browser, one request each. */
export function uploadRoutes({ uploads }: AppServices): Hono {
  const routes = new Hono();
  routes.post('/uploads', async (context) => context.json({ upload: await uploads.create() }, 201));
  routes.put('/uploads/:upload/files', async (context) => {
    const path = context.req.query('path');
    if (path === undefined) throw new AppError('BAD_REQUEST', { reason: 'it names no path' });
    const stated = Number(context.req.header('Content-Length') ?? 0);
    const body = context.req.raw.body ?? new Blob([]).stream();
    await uploads.add(context.req.param('upload'), path, body, Number.isFinite(stated) ? stated : 0);
    return context.body(null, 204);
  });
  routes.delete('/uploads/:upload', async (context) => {
    await uploads.remove(context.req.param('upload'));
    return context.body(null, 204);
  });
  return routes;
}
