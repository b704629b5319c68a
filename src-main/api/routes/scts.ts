import { Hono } from 'hono';
import { z } from 'zod';
import type { AppServices } from '../../services/appServices.ts';
import { exportGrids } from '../../services/exporter/exportGrid.ts';
import { AppError } from '../../shared/appError.ts';
import { binary } from '../binary.ts';
import { parsedBody } from '../requestBody.ts';

const planSchema = z.object({
  seriesDescription: z.string().trim().min(1).max(64).exactOptional(),
  grid: z.enum(exportGrids).exactOptional(),
});
const sliceSchema = z.coerce.number().int().nonnegative();

/** Synthetic CTs: details, removal, what an export would write, and slices of one that is being made. */
export function sctRoutes({ scts, exportPlans, jobCenter, events }: AppServices): Hono {
  const routes = new Hono();
  routes.get('/cases/:case/scts/:sct', async (context) => {
    const { case: caseId, sct } = context.req.param();
    return context.json(await scts.read(caseId, sct));
  });
  routes.delete('/cases/:case/scts/:sct', async (context) => {
    const { case: caseId, sct } = context.req.param();
    if (jobCenter.isWorkingOn(sct)) throw new AppError('JOB_BUSY', { subject: sct });
    await scts.remove(caseId, sct);
    events.emit({ type: 'changed', what: 'cases' });
    return context.body(null, 204);
  });
  routes.post('/cases/:case/scts/:sct/export-plan', async (context) => {
    const { case: caseId, sct } = context.req.param();
    const options = await parsedBody(context.req, planSchema);
    return context.json(await exportPlans.create(caseId, sct, options));
  });
  routes.get('/jobs/:job/slices/:slice', async (context) => {
    const { job, slice } = context.req.param();
    jobCenter.get(job);
    const parsed = sliceSchema.safeParse(slice);
    if (!parsed.success) throw new AppError('FILE_NOT_FOUND', { path: `slice ${slice}` });
    const folder = await jobCenter.scratchDirectory(job);
    const finished = await scts.finishedSlice(folder, parsed.data).catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'FILE_NOT_FOUND') return null;
      throw error;
    });
    // Slices go with their job; a window that asks a moment too late has made no mistake.
    if (!finished) return context.body(null, 204);
    return binary(finished.bytes, { 'Ilium-Slice': JSON.stringify(finished.header) });
  });
  return routes;
}
