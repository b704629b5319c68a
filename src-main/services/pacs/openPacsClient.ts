import type { PacsClient } from './pacsClient.ts';
import type { LocalEntity, PacsNode } from './pacsNode.ts';

/** A client for `node`; its libraries are loaded when it is first asked for one. `secret`: a web node's password or token. */
export async function openPacsClient(node: PacsNode, local: LocalEntity, secret = ''): Promise<PacsClient> {
  return node.kind === 'dimse'
    ? (await import('./dimse/dimseClient.ts')).createDimseClient(node, local)
    : (await import('./web/webClient.ts')).createWebClient(node, secret);
}
