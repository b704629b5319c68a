import { Hono } from 'hono';
import type { AppServices } from '../../services/appServices.ts';
import { settingsSchema } from '../../services/settings/settingsStore.ts';
import { parsedBody, readJson } from '../requestBody.ts';

const lastSessionKiB = 256;

/** The person's settings, and the window's memory of where it was. */
export function settingsRoutes({ settings, lastSession, events }: AppServices): Hono {
  const routes = new Hono();
  routes.get('/settings', async (context) => context.json(await settings.read()));
  routes.put('/settings', async (context) => {
    const wanted = await parsedBody(context.req, settingsSchema);
    await settings.write(wanted);
    events.emit({ type: 'changed', what: 'settings' });
    return context.json(wanted);
  });
  routes.get('/last-session', async (context) =>
    // Any JSON: no type says what it is.
    context.body(JSON.stringify(await lastSession.read()), 200, { 'Content-Type': 'application/json' }),
  );
  routes.put('/last-session', async (context) => {
    await lastSession.write(await readJson(context.req, lastSessionKiB));
    return context.body(null, 204);
  });
  return routes;
}
