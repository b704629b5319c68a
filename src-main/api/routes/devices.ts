import { Hono } from 'hono';
import type { AppServices } from '../../services/appServices.ts';

/** What a model can run on here. */
export function deviceRoutes({ devices }: AppServices): Hono {
  const routes = new Hono();
  routes.get('/devices', async (context) => context.json(await devices.list()));
  return routes;
}
