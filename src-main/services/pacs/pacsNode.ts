/** The network's other ends, as settings and configuration files name them, and what we are called ourselves. */
import { z } from 'zod';

/** AE title: 1 to 16 characters of the default repertoire, no backslash, no leading or trailing space (DICOM PS3.5 section 6.2). */
export const aeTitleSchema = z
  .string()
  .trim()
  .regex(/^[\x20-\x5B\x5D-\x7E]{1,16}$/, 'must be 1 to 16 plain characters');

const nodeName = z.string().trim().min(1).max(64);
const port = z.int().min(1).max(65_535);

export const dimseNodeSchema = z.strictObject({
  kind: z.literal('dimse'),
  name: nodeName,
  host: z.string().trim().min(1).max(255),
  port,
  aeTitle: aeTitleSchema,
  /** `get`: images come back over the same connection. `move`: the node connects to our receiver, and must know us. */
  retrieve: z.enum(['get', 'move']).default('get'),
});

export const webNodeSchema = z.strictObject({
  kind: z.literal('dicomweb'),
  name: nodeName,
  /** The service's root: `studies` is right below it. */
  url: z.url({ protocol: /^https?$/ }).max(2000),
  auth: z.enum(['none', 'basic', 'bearer']).default('none'),
  /** The user of basic authentication. */
  user: z.string().max(255).default(''),
  /** A PEM file with the certificates to trust instead of the system's. */
  caFile: z.string().max(4000).default(''),
  /** SHA-256 of the one certificate to trust, in hexadecimal with or without colons. */
  fingerprint: z
    .string()
    .regex(/^([0-9A-Fa-f]{2}:?){32}$|^$/, 'must be 32 bytes in hexadecimal')
    .default(''),
});

export const pacsNodeSchema = z.discriminatedUnion('kind', [dimseNodeSchema, webNodeSchema]);

/** What we are called, and where our receiver listens. */
export const localEntitySchema = z.strictObject({
  aeTitle: aeTitleSchema.default('ILIUM'),
  port: port.default(11_112),
  /** Loopback unless told otherwise. */
  host: z.string().trim().min(1).max(255).default('127.0.0.1'),
});

export type DimseNode = z.infer<typeof dimseNodeSchema>;
export type WebNode = z.infer<typeof webNodeSchema>;
export type PacsNode = z.infer<typeof pacsNodeSchema>;
export type LocalEntity = z.infer<typeof localEntitySchema>;
