import { Hono } from 'hono';
import type { AppServices } from '../../services/appServices.ts';

/** Structure sets of a case: their contours, and the HU inside their regions. */
export function structureRoutes({ structures }: Pick<AppServices, 'structures'>): Hono {
  const routes = new Hono();
  routes.get('/cases/:case/structures', async (context) =>
    context.json(await structures.list(context.req.param('case'))),
  );
  routes.get('/cases/:case/structures/:set/statistics', async (context) => {
    const { case: caseId, set } = context.req.param();
    return context.json(await structures.statistics(caseId, set, context.req.query('sct')));
  });
  return routes;
}
