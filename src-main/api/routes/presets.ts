import { Hono } from 'hono';
import { presets } from '../../workflows/train/trainingConfig.ts';
import type { PresetBody } from '../contract/training.ts';

/** What trainings can start from. */
export function presetRoutes(): Hono {
  const routes = new Hono();
  routes.get('/presets', (context) =>
    context.json(
      Object.entries(presets).map(([name, config]): PresetBody => ({ name, config: { ...config } })),
    ),
  );
  return routes;
}
