import { Hono } from 'hono';
import { z } from 'zod';
import type { AppServices } from '../../services/appServices.ts';
import { AppError } from '../../shared/appError.ts';
import type { CohortEdit } from '../contract/training.ts';
import { parsedBody } from '../requestBody.ts';

const editSchema: z.ZodType<CohortEdit> = z.object({
  caseId: z.string(),
  role: z.enum(['train', 'meta', 'test', 'excluded']),
  reason: z.string().max(500).exactOptional(),
});

/** Which case plays which part in training. */
export function cohortRoutes({ cohort, jobCenter, events }: AppServices): Hono {
  const routes = new Hono();
  routes.get('/cohort', async (context) => context.json(await cohort.view()));
  routes.put('/cohort', async (context) => {
    const { cases } = await parsedBody(context.req, z.object({ cases: z.array(editSchema) }));
    // Ranking writes the same file when it ends: it would take the edit back.
    if (jobCenter.isWorkingOn('cohort')) throw new AppError('JOB_BUSY', { subject: 'The cohort' });
    const view = await cohort.edit(cases);
    events.emit({ type: 'changed', what: 'cohort' });
    return context.json(view);
  });
  return routes;
}
