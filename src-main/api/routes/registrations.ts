import { Hono } from 'hono';
import type { AppServices } from '../../services/appServices.ts';
import { clearRegistration } from '../../services/registration/clearRegistration.ts';
import { AppError } from '../../shared/appError.ts';

/** Going back from a registration; registering itself is a job. */
export function registrationRoutes({ workspace, library, events, jobCenter }: AppServices): Hono {
  const routes = new Hono();
  routes.delete('/cases/:case/registration', async (context) => {
    const caseId = context.req.param('case');
    if (jobCenter.isWorkingOn(caseId)) throw new AppError('JOB_BUSY', { subject: caseId });
    await clearRegistration(workspace, caseId);
    events.emit({ type: 'changed', what: 'cases' });
    events.emit({ type: 'changed', what: 'cohort' });
    return context.json(await library.read(caseId));
  });
  return routes;
}
