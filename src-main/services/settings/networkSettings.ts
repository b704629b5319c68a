/**
 * The network as people have set it up: `network.json` of the workspace holds our own name and the nodes; passwords and tokens are in
 * `network-secrets.json` of the user's data folder, which nobody else may read, and leave it only towards their node.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import type { NetworkView } from '../../api/contract/network.ts';
import { AppError } from '../../shared/appError.ts';
import { readRecord } from '../../workflows/files/record.ts';
import { writeAtomically } from '../../workflows/files/writeAtomically.ts';
import { localEntitySchema, pacsNodeSchema, type LocalEntity, type PacsNode } from '../pacs/pacsNode.ts';

const nodeId = z.string().min(1).max(64);

const recordSchema = z.strictObject({
  schemaVersion: z.literal(1),
  local: localEntitySchema,
  nodes: z.array(z.strictObject({ nodeId, node: pacsNodeSchema })),
});
type NetworkRecord = z.infer<typeof recordSchema>;

const secretsSchema = z.strictObject({
  schemaVersion: z.literal(1),
  /** By node id. */
  secrets: z.record(z.string(), z.string()),
});

/** What the window sends: everything as it is to be; a secret only where it changes. One that is kept is dropped with its service's origin. */
export const networkEditSchema = z.strictObject({
  local: localEntitySchema,
  nodes: z
    .array(
      z.strictObject({
        nodeId: nodeId.exactOptional(),
        node: pacsNodeSchema,
        secret: z.string().max(8192).exactOptional(),
      }),
    )
    .max(100),
});
export type NetworkEditInput = z.infer<typeof networkEditSchema>;

export interface OpenedNode {
  readonly node: PacsNode;
  readonly local: LocalEntity;
  /** Password or token; empty where there is none. */
  readonly secret: string;
}

export interface NetworkSettings {
  /** Throws RECORD_INVALID. */
  view(): Promise<NetworkView>;
  /** Throws BAD_REQUEST for a node id that is not known, and write errors. */
  write(edit: NetworkEditInput): Promise<NetworkView>;
  /** A node by its id or its name. Throws PACS_NODE_NOT_FOUND. */
  open(idOrName: string): Promise<OpenedNode>;
}

/** `workspaceDirectory` holds the nodes, `secretsDirectory` the secrets. */
export function createNetworkSettings(workspaceDirectory: string, secretsDirectory: string): NetworkSettings {
  const path = join(workspaceDirectory, 'network.json');
  const secretsPath = join(secretsDirectory, 'network-secrets.json');
  const empty: NetworkRecord = { schemaVersion: 1, local: localEntitySchema.parse({}), nodes: [] };
  const read = (): Promise<NetworkRecord> => orElse(readRecord(path, recordSchema), empty);
  const readSecrets = async (): Promise<Readonly<Record<string, string>>> =>
    (await orElse(readRecord(secretsPath, secretsSchema), { schemaVersion: 1 as const, secrets: {} }))
      .secrets;

  const view = async (): Promise<NetworkView> => {
    const [{ local, nodes }, secrets] = [await read(), await readSecrets()];
    return { local, nodes: nodes.map((one) => ({ ...one, hasSecret: (secrets[one.nodeId] ?? '') !== '' })) };
  };

  return {
    view,
    async write({ local, nodes }) {
      const known = new Map((await read()).nodes.map((one) => [one.nodeId, one.node]));
      const before = await readSecrets();
      // Other workspaces of this person keep theirs.
      const secrets = new Map(Object.entries(before).filter(([id]) => !known.has(id)));
      const kept = nodes.map(({ nodeId: given, node, secret }) => {
        if (given !== undefined && !known.has(given)) {
          throw new AppError('BAD_REQUEST', { reason: `there is no node ${given}` });
        }
        const id = given ?? randomUUID();
        const value = secret ?? (mayKeepSecret(known.get(id), node) ? before[id] : undefined) ?? '';
        if (value !== '') secrets.set(id, value);
        return { nodeId: id, node };
      });
      if (JSON.stringify(before) !== JSON.stringify(Object.fromEntries(secrets))) {
        const record = secretsSchema.parse({ schemaVersion: 1, secrets: Object.fromEntries(secrets) });
        await writeAtomically(secretsPath, `${JSON.stringify(record, null, 2)}\n`, 0o600);
      }
      const record = recordSchema.parse({ schemaVersion: 1, local, nodes: kept });
      await writeAtomically(path, `${JSON.stringify(record, null, 2)}\n`);
      return view();
    },
    async open(idOrName) {
      const { local, nodes } = await read();
      const found =
        nodes.find((one) => one.nodeId === idOrName) ?? nodes.find(({ node }) => node.name === idOrName);
      if (!found) throw new AppError('PACS_NODE_NOT_FOUND', { node: idOrName });
      return { node: found.node, local, secret: (await readSecrets())[found.nodeId] ?? '' };
    },
  };
}

/** A secret was typed for one service and one way to sign in: it does not go to another. */
function mayKeepSecret(before: PacsNode | undefined, now: PacsNode): boolean {
  if (before?.kind !== 'dicomweb' || now.kind !== 'dicomweb') return false;
  return before.auth === now.auth && new URL(before.url).origin === new URL(now.url).origin;
}

async function orElse<T>(reading: Promise<T>, absent: T): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof AppError && error.code === 'FILE_NOT_FOUND') return absent;
    throw error;
  }
}
