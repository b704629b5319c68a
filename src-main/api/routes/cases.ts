import { Hono } from 'hono';
import type { AppServices } from '../../services/appServices.ts';
import { AppError } from '../../shared/appError.ts';

/** Cases: lists, details, deleting and undoing it, voxels as binary streams, small pictures. */
export function caseRoutes({ library, events, jobCenter }: AppServices): Hono {
  const routes = new Hono();
  const changed = (): void => {
    events.emit({ type: 'changed', what: 'cases' });
    events.emit({ type: 'changed', what: 'cohort' });
  };

  routes.get('/cases', async (context) => context.json(await library.list()));
  routes.get('/cases/:case', async (context) => context.json(await library.read(context.req.param('case'))));
  routes.delete('/cases/:case', async (context) => {
    const caseId = context.req.param('case');
    if (jobCenter.isWorkingOn(caseId)) throw new AppError('JOB_BUSY', { subject: caseId });
    await library.discard(caseId);
    changed();
    return context.body(null, 204);
  });
  routes.post('/cases/:case/restore', async (context) => {
    const caseId = context.req.param('case');
    await library.restore(caseId);
    changed();
    return context.json(await library.read(caseId));
  });
  routes.get('/cases/:case/volumes/:volume', async (context) => {
    const { case: caseId, volume: name } = context.req.param();
    const { header, bytes, stream } = await library.volume(caseId, name);
    return new Response(context.req.method === 'HEAD' ? null : stream(), {
      headers: {
        'Content-Type': 'application/octet-stream',
        'Content-Length': String(bytes),
        'Ilium-Volume': JSON.stringify(header),
      },
    });
  });
  routes.get('/cases/:case/volumes/:volume/thumbnail', async (context) => {
    const { case: caseId, volume: name } = context.req.param();
    const png = await library.thumbnail(caseId, name);
    return new Response(new Uint8Array(png), { headers: { 'Content-Type': 'image/png' } });
  });
  return routes;
}
