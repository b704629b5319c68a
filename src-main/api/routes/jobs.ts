import { Hono } from 'hono';
import { z } from 'zod';
import type { AppServices } from '../../services/appServices.ts';
import { parsedBody, readJson } from '../requestBody.ts';

const cancelSchema = z.object({ force: z.boolean().optional() });

/** Starting, watching, stopping and forgetting jobs. */
export function jobRoutes({ jobCenter }: AppServices): Hono {
  const routes = new Hono();
  routes.post('/jobs', async (context) =>
    context.json(await jobCenter.start(await readJson(context.req)), 202),
  );
  routes.get('/jobs/:job', (context) => context.json(jobCenter.get(context.req.param('job'))));
  routes.get('/jobs/:job/log', async (context) =>
    context.text(await jobCenter.log(context.req.param('job'))),
  );
  routes.post('/jobs/:job/cancel', async (context) => {
    const { force = false } = await parsedBody(context.req, cancelSchema);
    return context.json(jobCenter.cancel(context.req.param('job'), force));
  });
  routes.delete('/jobs/:job', async (context) => {
    await jobCenter.remove(context.req.param('job'));
    return context.body(null, 204);
  });
  return routes;
}
