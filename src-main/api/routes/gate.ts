import { Hono } from 'hono';
import { z } from 'zod';
import type { AppServices } from '../../services/appServices.ts';
import { parsedBody } from '../requestBody.ts';

const askedSchema = z.object({ modelId: z.string().min(1) });

/** Whether a case's MR fits a model. */
export function gateRoutes({ gate }: AppServices): Hono {
  const routes = new Hono();
  routes.post('/cases/:case/gate', async (context) => {
    const { modelId } = await parsedBody(context.req, askedSchema);
    return context.json(await gate.check(context.req.param('case'), modelId));
  });
  return routes;
}
