/** What the window asks of nodes while a person waits: whether they answer, and what they have. Fetching and sending are jobs. */
import type { NetworkTest, PacsQuery, PacsSeries, PacsStudies } from '../../api/contract/network.ts';
import { errorBody } from '../jobs/errorBody.ts';
import type { NetworkSettings } from '../settings/networkSettings.ts';
import type { PacsClient } from './pacsClient.ts';
import { openPacsClient } from './openPacsClient.ts';

/** Calls throw PACS_NODE_NOT_FOUND and what `PacsClient` throws; `signal` is the request's own. */
export interface PacsDesk {
  /** A node that does not answer is a result, not an error. */
  test(nodeId: string, signal: AbortSignal): Promise<NetworkTest>;
  studies(nodeId: string, query: PacsQuery, signal: AbortSignal): Promise<PacsStudies>;
  series(nodeId: string, studyInstanceUid: string, signal: AbortSignal): Promise<PacsSeries[]>;
}

export function createPacsDesk(network: Pick<NetworkSettings, 'open'>): PacsDesk {
  const open = async (nodeId: string): Promise<PacsClient> => {
    const { node, local, secret } = await network.open(nodeId);
    return openPacsClient(node, local, secret);
  };
  return {
    async test(nodeId, signal) {
      const client = await open(nodeId);
      const startedAt = performance.now();
      const error = await client.echo({ signal }).then(() => null, errorBody);
      return { ok: error === null, error, milliseconds: Math.round(performance.now() - startedAt) };
    },
    studies: async (nodeId, query, signal) => (await open(nodeId)).findStudies(query, { signal }),
    series: async (nodeId, study, signal) => (await open(nodeId)).findSeries(study, { signal }),
  };
}
