/** The application behind the window: a Fetch-style `Request → Response`, the same for Electron, a browser and tests. */
import { Hono } from 'hono';
import type { AppServices } from '../services/appServices.ts';
import { AppError } from '../shared/appError.ts';
import { errorResponse } from './errorResponse.ts';
import type { OneTimeLinks } from './oneTimeLinks.ts';
import { caseRoutes } from './routes/cases.ts';
import { cohortRoutes } from './routes/cohort.ts';
import { comparisonRoutes } from './routes/comparisons.ts';
import { deviceRoutes } from './routes/devices.ts';
import { eventRoutes } from './routes/events.ts';
import { gateRoutes } from './routes/gate.ts';
import { jobRoutes } from './routes/jobs.ts';
import { modelRoutes } from './routes/models.ts';
import { networkRoutes } from './routes/network.ts';
import { presetRoutes } from './routes/presets.ts';
import { registrationRoutes } from './routes/registrations.ts';
import { runRoutes } from './routes/runs.ts';
import { sctRoutes } from './routes/scts.ts';
import { settingsRoutes } from './routes/settings.ts';
import { structureRoutes } from './routes/structures.ts';
import { uploadRoutes } from './routes/uploads.ts';
import { openRoutes, requireSession } from './routes/open.ts';
import { sessionRoutes } from './routes/session.ts';
import { staticFileRoutes } from './routes/staticFiles.ts';
import { security, type IsOwnOrigin } from './security.ts';

export interface AppOptions {
  /** Electron: its own scheme, such as `ilium://app`; served: loopback with the server's port. */
  readonly isOwnOrigin: IsOwnOrigin;
  /** Where anyone on the machine could reach it: only browsers that opened a link may use it. */
  readonly links?: OneTimeLinks;
}

const apiRoutes = [
  sessionRoutes,
  eventRoutes,
  settingsRoutes,
  caseRoutes,
  uploadRoutes,
  jobRoutes,
  modelRoutes,
  deviceRoutes,
  sctRoutes,
  gateRoutes,
  cohortRoutes,
  presetRoutes,
  runRoutes,
  comparisonRoutes,
  networkRoutes,
  registrationRoutes,
  structureRoutes,
];

/** Puts the routes together; each module gets the services it works with. */
export function createApp(services: AppServices, { isOwnOrigin, links }: AppOptions): Hono {
  const app = new Hono();
  app.use(security(isOwnOrigin));
  if (links !== undefined) {
    app.route('/', openRoutes(links));
    app.use(requireSession(links));
  }
  for (const routes of apiRoutes) app.route('/api', routes(services));
  app.route('/', staticFileRoutes(services));
  app.notFound((context) => {
    throw new AppError('ROUTE_NOT_FOUND', { path: context.req.path });
  });
  app.onError(errorResponse);
  return app;
}
