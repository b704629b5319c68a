import { Hono } from 'hono';
import { z } from 'zod';
import type { AppServices } from '../../services/appServices.ts';
import { AppError } from '../../shared/appError.ts';
import { binary } from '../binary.ts';
import type { ComparisonFile } from '../contract/comparison.ts';

const themeSchema = z.enum(['light', 'dark']).optional();

const contentTypes: Readonly<Record<ComparisonFile, string>> = {
  'comparison.html': 'text/html; charset=utf-8',
  'comparison.csv': 'text/csv; charset=utf-8',
  'comparison.json': 'application/json',
  'comparison.pdf': 'application/pdf',
};
const fileSchema = z.enum(Object.keys(contentTypes) as ComparisonFile[]);

/** The page is whole by itself: nothing runs in it, nothing is fetched, and only the window may frame it. */
const pageHeaders = {
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'",
  'X-Frame-Options': 'SAMEORIGIN',
};

/** Comparisons of runs: which there are, what can be compared, pages and files, deleting and undoing it. */
export function comparisonRoutes({ comparisons, comparableRuns, events }: AppServices): Hono {
  const routes = new Hono();
  const changed = (): void => events.emit({ type: 'changed', what: 'comparisons' });

  routes.get('/comparisons', async (context) => context.json(await comparisons.list()));
  routes.get('/comparisons/runs', async (context) => context.json(await comparableRuns()));
  routes.get('/comparisons/:comparison/page', async (context) => {
    const theme = themeSchema.safeParse(context.req.query('theme'));
    if (!theme.success) throw new AppError('BAD_REQUEST', { reason: 'theme is neither light nor dark' });
    return context.html(
      await comparisons.page(context.req.param('comparison'), theme.data),
      200,
      pageHeaders,
    );
  });
  routes.get('/comparisons/:comparison/files/:file', async (context) => {
    const { comparison, file } = context.req.param();
    const name = fileSchema.safeParse(file);
    if (!name.success) throw new AppError('FILE_NOT_FOUND', { path: file });
    const bytes = await comparisons.file(comparison, name.data, context.req.raw.signal);
    return binary(bytes, {
      'Content-Type': contentTypes[name.data],
      'Content-Disposition': `attachment; filename="${name.data}"`,
    });
  });
  routes.delete('/comparisons/:comparison', async (context) => {
    await comparisons.discard(context.req.param('comparison'));
    changed();
    return context.body(null, 204);
  });
  routes.post('/comparisons/:comparison/restore', async (context) => {
    await comparisons.restore(context.req.param('comparison'));
    changed();
    return context.body(null, 204);
  });
  return routes;
}
