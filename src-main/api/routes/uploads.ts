import { Hono } from 'hono';
import type { AppServices } from '../../services/appServices.ts';
import { uploadFrames } from '../uploadFrames.ts';

/** Files dropped into a browser, many in a request. */
export function uploadRoutes({ uploads }: AppServices): Hono {
  const routes = new Hono();
  routes.post('/uploads', async (context) => context.json({ upload: await uploads.create() }, 201));
  routes.put('/uploads/:upload/files', async (context) => {
    const upload = context.req.param('upload');
    await uploads.directory(upload);
    for await (const { path, size, bytes } of uploadFrames(context.req.raw.body))
      await uploads.add(upload, path, bytes, size);
    return context.body(null, 204);
  });
  routes.delete('/uploads/:upload', async (context) => {
    await uploads.remove(context.req.param('upload'));
    return context.body(null, 204);
  });
  return routes;
}
