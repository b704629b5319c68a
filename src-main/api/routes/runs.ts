import { Hono } from 'hono';
import { z } from 'zod';
import type { AppServices } from '../../services/appServices.ts';
import { AppError } from '../../shared/appError.ts';
import { trainingMethods } from '../../shared/trainingMethods.ts';
import { binary } from '../binary.ts';
import type { RunRequest } from '../contract/training.ts';
import { parsedBody } from '../requestBody.ts';

const requestSchema: z.ZodType<RunRequest> = z.object({
  method: z.enum(trainingMethods),
  preset: z.string(),
  differences: z.record(z.string(), z.unknown()).exactOptional(),
  device: z.string().exactOptional(),
});
const wholeNumber = z.coerce.number().int().nonnegative();

/** Training runs: whether one can start, what there are, their logs and films. */
export function runRoutes({ runs, preflight }: AppServices): Hono {
  const routes = new Hono();
  routes.post('/runs/preflight', async (context) =>
    context.json(await preflight(await parsedBody(context.req, requestSchema))),
  );
  routes.get('/runs', async (context) => context.json(await runs.list()));
  routes.get('/runs/:run', async (context) => context.json(await runs.read(context.req.param('run'))));
  routes.get('/runs/:run/log', async (context) => {
    const from = wholeNumber.safeParse(context.req.query('from') ?? '0');
    if (!from.success) throw new AppError('BAD_REQUEST', { reason: 'from is no line number' });
    return context.json(await runs.logPage(context.req.param('run'), from.data));
  });
  routes.get('/runs/:run/film', async (context) => context.json(await runs.film(context.req.param('run'))));
  routes.get('/runs/:run/film/slices', async (context) =>
    binary(await runs.filmSlices(context.req.param('run'))),
  );
  routes.get('/runs/:run/film/:epoch', async (context) => {
    const { run, epoch } = context.req.param();
    const parsed = wholeNumber.safeParse(epoch);
    if (!parsed.success) throw new AppError('FILE_NOT_FOUND', { path: `epoch ${epoch}` });
    return binary(await runs.filmFrame(run, parsed.data));
  });
  return routes;
}
