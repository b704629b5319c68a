/**
 * The configuration of `ilium node`, a JSON file that people write:
 *
 *     {
 *       "receiver": { "aeTitle": "ILIUM", "port": 11112, "host": "127.0.0.1", "callers": ["SCANNER"] },
 *       "rules": [{ "modality": "MR", "description": "t2.*tra", "caller": "SCANNER", "model": "pelvis-2026" }],
 *       "destinations": [{ "kind": "dimse", "name": "archive", "host": "10.0.0.5", "port": 104, "aeTitle": "PACS" }],
 *       "source": { "kind": "dimse", "name": "archive", "host": "10.0.0.5", "port": 104, "aeTitle": "PACS" },
 *       "completeness": { "quietSeconds": 30, "longestWaitSeconds": 900 },
 *       "keepDays": 90,
 *       "retry": { "firstSeconds": 30, "longestSeconds": 3600 },
 *       "amber": "hold"
 *     }
 */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../shared/appError.ts';
import { readRecord } from '../../workflows/files/record.ts';
import { systemCode } from '../../workflows/files/toWriteError.ts';
import { aeTitleSchema, dimseNodeSchema, localEntitySchema, webNodeSchema } from '../pacs/pacsNode.ts';

const seconds = z.number().positive();

const ruleSchema = z.strictObject({
  /** Of the series; the first rule that fits decides. */
  modality: z.string().min(1).default('MR'),
  /** A regular expression found in the Series Description, in capitals or not; absent: any. */
  description: z.string().refine(isExpression, 'is no regular expression').exactOptional(),
  /** AE title of the sender; absent: any. */
  caller: aeTitleSchema.exactOptional(),
  /** Id of a model of the workspace, or a bundled one. */
  model: z.string().min(1),
  /** Names of destinations; absent: all. */
  destinations: z.array(z.string()).min(1).exactOptional(),
});

/** A file that holds the password or token, beside the configuration or at an absolute path. */
const secretFile = { secretFile: z.string().min(1).exactOptional() };
const nodeSchema = z.discriminatedUnion('kind', [dimseNodeSchema, webNodeSchema.extend(secretFile)]);

export const nodeConfigSchema = z
  .strictObject({
    receiver: localEntitySchema.extend({
      /** AE titles that may send; absent: anyone who can connect. */
      callers: z.array(aeTitleSchema).min(1).exactOptional(),
    }),
    rules: z.array(ruleSchema).min(1),
    destinations: z.array(nodeSchema).min(1),
    /** Who is asked how many images a series has; absent: a series is complete when nothing more comes. */
    source: nodeSchema.exactOptional(),
    completeness: z
      .strictObject({
        /** Silence after the last image before a series is looked at. */
        quietSeconds: seconds.default(30),
        /** How long images that are known to be missing are waited for, after the last that came. */
        longestWaitSeconds: seconds.default(900),
      })
      .prefault({}),
    retry: z
      .strictObject({ firstSeconds: seconds.default(30), longestSeconds: seconds.default(3600) })
      .prefault({}),
    /** How long the node remembers series that are done or ignored. */
    keepDays: z.number().positive().default(90),
    /** What becomes of an sCT whose gate is amber: `hold` waits for `ilium node release`. */
    amber: z.enum(['hold', 'send']).default('hold'),
    device: z.string().min(1).default('auto'),
  })
  .superRefine(({ rules, destinations }, context) => {
    const names = destinations.map(({ name }) => name);
    if (new Set(names).size < names.length) {
      context.addIssue({ code: 'custom', path: ['destinations'], message: 'two have the same name' });
    }
    rules.forEach(({ destinations: wanted = [] }, at) => {
      const unknown = wanted.find((name) => !names.includes(name));
      if (unknown === undefined) return;
      const message = `there is no destination ${unknown}`;
      context.addIssue({ code: 'custom', path: ['rules', at, 'destinations'], message });
    });
  });

export type NodeConfig = z.infer<typeof nodeConfigSchema>;
export type NodeRule = NodeConfig['rules'][number];
export type NodePeer = NodeConfig['destinations'][number];

/** Reads the configuration. Throws FILE_NOT_FOUND, FILE_UNREADABLE, NODE_CONFIG_INVALID with the place and the problem. */
export function readNodeConfig(path: string): Promise<NodeConfig> {
  return readRecord(path, nodeConfigSchema, 'NODE_CONFIG_INVALID');
}

/** A peer's password or token, from its file; empty without one. Throws NODE_CONFIG_INVALID. */
export async function readPeerSecret(peer: NodePeer, configPath: string): Promise<string> {
  if (peer.kind !== 'dicomweb' || peer.secretFile === undefined) return '';
  const path = resolve(dirname(configPath), peer.secretFile);
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    throw new AppError('NODE_CONFIG_INVALID', { path, reason: code }, { cause: error });
  }
}

function isExpression(text: string): boolean {
  try {
    return new RegExp(text, 'i') instanceof RegExp;
  } catch {
    return false;
  }
}
