/** Messages between the process that starts a job and the worker process that runs it; each side parses what it receives. */
import { z } from 'zod';
import { errorCatalogue, type ErrorCode } from '../../shared/errorCatalogue.ts';

/** A loss that diverges must arrive, so NaN and Infinity are numbers here; `z.number()` refuses them. */
const anyNumber = z.custom<number>((value) => typeof value === 'number');
const detailValue = z.union([z.string(), anyNumber]);
const errorCode = z.custom<ErrorCode>(
  (value) => typeof value === 'string' && Object.hasOwn(errorCatalogue, value),
);

export const toWorkerSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('start'), kind: z.string(), params: z.unknown() }),
  z.object({ type: z.literal('cancel') }),
]);
export type ToWorker = z.infer<typeof toWorkerSchema>;

export const fromWorkerSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('progress'), step: z.string(), done: anyNumber, total: anyNumber }),
  z.object({
    type: z.literal('log'),
    level: z.enum(['info', 'warning']),
    message: z.string(),
    data: z.record(z.string(), detailValue).exactOptional(),
  }),
  z.object({ type: z.literal('data'), data: z.record(z.string(), detailValue) }),
  /** Every second while the job runs: how much memory its process holds now. A sign of life as well. */
  z.object({ type: z.literal('memory'), residentMiB: anyNumber }),
  /** Sent once, before the last message. */
  z.object({ type: z.literal('usage'), peakMemoryMiB: anyNumber }),
  z.object({ type: z.literal('done'), result: z.unknown() }),
  z.object({ type: z.literal('cancelled') }),
  z.object({
    type: z.literal('failed'),
    code: errorCode,
    details: z.record(z.string(), detailValue),
    stack: z.string().exactOptional(),
  }),
]);
export type FromWorker = z.infer<typeof fromWorkerSchema>;
