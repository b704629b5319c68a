import { z } from 'zod';

/** A finding as records on disk keep it. */
export const findingSchema = z.object({
  code: z.string(),
  severity: z.enum(['info', 'warning', 'error']),
  subject: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number()])),
});
