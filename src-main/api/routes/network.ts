import { Hono } from 'hono';
import { z } from 'zod';
import type { AppServices } from '../../services/appServices.ts';
import { networkEditSchema } from '../../services/settings/networkSettings.ts';
import { parsedBody } from '../requestBody.ts';

const text = z.string().max(64).exactOptional();
const date = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'must be YYYY-MM-DD')
  .exactOptional();

const querySchema = z.strictObject({
  patientName: text,
  patientId: text,
  accessionNumber: text,
  modality: text,
  dateFrom: date,
  dateTo: date,
  limit: z.int().min(1).max(5000).exactOptional(),
});

/** The network's nodes: their settings, whether they answer, and what they have. A window that goes away ends its search. */
export function networkRoutes({ network, pacs, events }: AppServices): Hono {
  const routes = new Hono();
  routes.get('/network', async (context) => context.json(await network.view()));
  routes.put('/network', async (context) => {
    const view = await network.write(await parsedBody(context.req, networkEditSchema));
    events.emit({ type: 'changed', what: 'settings' });
    return context.json(view);
  });
  routes.post('/network/nodes/:node/test', async (context) =>
    context.json(await pacs.test(context.req.param('node'), context.req.raw.signal)),
  );
  routes.post('/network/nodes/:node/studies', async (context) => {
    const query = await parsedBody(context.req, querySchema);
    return context.json(await pacs.studies(context.req.param('node'), query, context.req.raw.signal));
  });
  routes.get('/network/nodes/:node/studies/:study/series', async (context) => {
    const { node, study } = context.req.param();
    return context.json(await pacs.series(node, study, context.req.raw.signal));
  });
  return routes;
}
