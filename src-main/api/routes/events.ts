import { Hono } from 'hono';
import type { AppServices } from '../../services/appServices.ts';
import { eventStream } from '../eventStream.ts';

/** `GET /events`: newline-delimited JSON for as long as the window listens. */
export function eventRoutes({ events, jobCenter }: AppServices): Hono {
  const routes = new Hono();
  routes.get('/events', () => {
    const stream = eventStream({
      snapshot: () => ({ type: 'snapshot', jobs: jobCenter.list() }),
      subscribe: events.subscribe,
    });
    return new Response(stream, { headers: { 'Content-Type': 'application/x-ndjson; charset=utf-8' } });
  });
  return routes;
}
