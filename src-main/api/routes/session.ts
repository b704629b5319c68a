import { Hono } from 'hono';
import packageRecord from '../../../package.json' with { type: 'json' };
import type { AppServices } from '../../services/appServices.ts';
import { findingBody } from '../../services/findings/findingBody.ts';
import type { Session } from '../contract/session.ts';

/** What the window is connected to. */
export function sessionRoutes({ host, workspace, notices }: AppServices): Hono {
  const routes = new Hono();
  routes.get('/session', (context) =>
    context.json<Session>({
      version: packageRecord.version,
      ...host,
      platform: process.platform,
      workspace: workspace.directory,
      notices: notices.map(findingBody),
    }),
  );
  return routes;
}
