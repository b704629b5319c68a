/**
 * One line of the audit log: who did what, when, with which model, from which inputs. Inputs are named by what they are and told by their
 * SHA-256; names of patients, their ids and paths (which may hold either) never stand here, case ids may.
 */
import { z } from 'zod';

export const auditActions = [
  'import',
  'register',
  'train',
  'release',
  'generate',
  'override',
  'export',
  'send',
  'receive',
  'delete',
  'restore',
  'de-identify',
] as const;
export type AuditAction = (typeof auditActions)[number];

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const detail = z.union([z.string(), z.number(), z.boolean()]);

export const auditEntrySchema = z.object({
  action: z.enum(auditActions),
  /** What it was done to: the id of a case, sCT, run or model; '' for an image that belongs to no case. */
  subject: z.string(),
  model: z.object({ name: z.string(), version: z.string(), weightHash: z.string() }).exactOptional(),
  /** SHA-256 of what it was made from, such as `mr`. */
  inputs: z.record(z.string(), sha256).exactOptional(),
  /** SHA-256 of what it has made. */
  outputs: z.record(z.string(), sha256).exactOptional(),
  details: z.record(z.string(), detail).exactOptional(),
});

export const auditLineSchema = z.object({
  /** Counts from 1. */
  sequence: z.int().positive(),
  /** ISO 8601. */
  time: z.iso.datetime(),
  /** Account of the operating system. */
  user: z.string(),
  program: z.string(),
  ...auditEntrySchema.shape,
  /** SHA-256 of the line before, without its line feed; zeros in the first. */
  previous: sha256,
});

/** What a caller tells; the log adds time, account, program and chain. */
export type AuditEntry = z.infer<typeof auditEntrySchema>;
export type AuditLine = z.infer<typeof auditLineSchema>;
