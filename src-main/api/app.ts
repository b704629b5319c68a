/** The application behind the window: a Fetch-style `Request → Response`, the same for Electron, a browser and tests. */
import { Hono } from 'hono';
import type { AppServices } from '../services/appServices.ts';
import { AppError } from '../shared/appError.ts';
import { errorResponse } from './errorResponse.ts';
import { sessionRoutes } from './routes/session.ts';

/** Puts the routes together; each module gets the services it works with. */
export function createApp(services: AppServices): Hono {
  const api = new Hono();
  for (const routes of [sessionRoutes]) api.route('/', routes(services));
  const app = new Hono();
  app.route('/api', api);
  app.notFound((context) =>
    errorResponse(new AppError('ROUTE_NOT_FOUND', { path: context.req.path }), context),
  );
  app.onError(errorResponse);
  return app;
}
