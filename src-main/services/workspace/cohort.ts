/**
 * `cohort.json`: which case plays which part in training. People edit it by hand, so unknown keys and repeated cases are errors,
 * not silently dropped.
 */
import { z } from 'zod';
import { caseIdSchema } from './caseRecord.ts';

const cohortCaseSchema = z.strictObject({
  caseId: caseIdSchema,
  /** `meta`: the well-aligned validation set of meta-learning. */
  role: z.enum(['train', 'meta', 'test', 'excluded']),
  reason: z.string().optional(),
  /** Of MR and CT inside the body, in nats, as `rank` measured it. */
  mutualInformation: z.number().optional(),
  center: z.string().optional(),
});

export const cohortSchema = z
  .strictObject({ schemaVersion: z.literal(1), cases: z.array(cohortCaseSchema) })
  .superRefine(({ cases }, context) => {
    const seen = new Set<string>();
    for (const [at, { caseId }] of cases.entries()) {
      if (seen.has(caseId)) {
        context.addIssue({
          code: 'custom',
          path: ['cases', at, 'caseId'],
          message: `${caseId} is listed twice`,
        });
      }
      seen.add(caseId);
    }
  });

export type CohortCase = z.infer<typeof cohortCaseSchema>;
export type Cohort = z.infer<typeof cohortSchema>;
