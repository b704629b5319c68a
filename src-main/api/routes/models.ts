import { Hono } from 'hono';
import type { AppServices } from '../../services/appServices.ts';

/** Models to generate with, and their cards. */
export function modelRoutes({ models }: AppServices): Hono {
  const routes = new Hono();
  routes.get('/models', async (context) => context.json(await models.list()));
  routes.get('/models/:model', async (context) =>
    context.json(await models.detail(context.req.param('model'))),
  );
  return routes;
}
