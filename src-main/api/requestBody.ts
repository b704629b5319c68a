/** Bodies of requests: JSON of a limited size, checked against a schema. */
import type { HonoRequest } from 'hono';
import type { z } from 'zod';
import { AppError } from '../shared/appError.ts';
import { describeZodError } from '../workflows/files/describeZodError.ts';

const defaultLimitKiB = 1024;

/** The body as JSON. Throws BAD_REQUEST, REQUEST_TOO_LARGE. */
export async function readJson(request: HonoRequest, limitKiB = defaultLimitKiB): Promise<unknown> {
  const isJson = /^application\/json\b/i.test(request.header('Content-Type') ?? '');
  if (!isJson) throw new AppError('BAD_REQUEST', { reason: 'its body is not JSON (application/json)' });
  const text = await readText(request.raw.body, limitKiB * 1024);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AppError('BAD_REQUEST', { reason: 'its body is not valid JSON' }, { cause: error });
  }
}

/** The body, as `schema` has it. Throws BAD_REQUEST with the place and the problem, REQUEST_TOO_LARGE. */
export async function parsedBody<S extends z.ZodType>(request: HonoRequest, schema: S): Promise<z.output<S>> {
  const parsed = schema.safeParse(await readJson(request));
  if (!parsed.success) throw new AppError('BAD_REQUEST', { reason: describeZodError(parsed.error) });
  return parsed.data;
}

/** Stops reading where the limit is passed: a stated length may lie or be absent. */
async function readText(body: ReadableStream<Uint8Array> | null, limit: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > limit)
      throw new AppError('REQUEST_TOO_LARGE', {
        subject: 'The request',
        limit: Math.round((limit / 2 ** 20) * 100) / 100,
      });
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
