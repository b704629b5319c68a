import { z } from 'zod';
import { localEntitySchema, pacsNodeSchema } from './pacsNode.ts';

/** A node as a job is given it; the secret travels from process to process only. */
export const openedNodeSchema = z.object({
  node: pacsNodeSchema,
  local: localEntitySchema,
  secret: z.string(),
});
