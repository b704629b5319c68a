/** The network's nodes as they are set up, and whether each answers. Changes are kept at once. */
import type {
  NetworkEdit,
  NetworkLocal,
  NetworkTest,
  NetworkView,
  NodeBody,
} from '../../src-main/api/contract/network.ts';
import { SvelteMap } from 'svelte/reactivity';
import { client, ClientError } from '../lib/client.ts';
import { errorText } from '../lib/i18n.svelte.ts';
import { app } from './app.svelte.ts';
import { notify, notifyError } from './notices.svelte.ts';

export type ListedNode = NetworkView['nodes'][number];
/** `running`: asked just now; else what was found out. */
export type NodeTest = NetworkTest | 'running';

class Network {
  /** Null until it is read. */
  view = $state.raw<NetworkView | null>(null);
  readonly tests = new SvelteMap<string, NodeTest>();
  readonly nodes = $derived(this.view?.nodes ?? []);

  constructor() {
    app.onChanged('settings', () => {
      if (this.view) void this.load();
    });
  }

  /** Reads what is set up; says why where it cannot. */
  async load(): Promise<void> {
    try {
      this.view = await client.get<NetworkView>('/api/network');
    } catch (error) {
      notifyError(error);
    }
  }

  /** Null once it is kept; else why it could not be, for people. */
  async changeLocal(local: NetworkLocal): Promise<string | null> {
    return this.#write({ local, nodes: this.nodes.map(({ nodeId, node }) => ({ nodeId, node })) });
  }

  /** Adds a node, or changes the one named; a `secret` of undefined stays as it is. As `changeLocal`. */
  async put(node: NodeBody, nodeId?: string, secret?: string): Promise<string | null> {
    const edit = {
      node,
      ...(nodeId === undefined ? {} : { nodeId }),
      ...(secret === undefined ? {} : { secret }),
    };
    const others = this.nodes.map((one) =>
      one.nodeId === nodeId ? edit : { nodeId: one.nodeId, node: one.node },
    );
    return this.#write({ nodes: nodeId === undefined ? [...others, edit] : others });
  }

  async remove(nodeId: string): Promise<void> {
    const left = this.nodes.filter((one) => one.nodeId !== nodeId);
    const problem = await this.#write({ nodes: left.map((one) => ({ nodeId: one.nodeId, node: one.node })) });
    if (problem !== null) notify({ tone: 'error', text: problem });
  }

  /** Asks a node whether it answers. */
  async test(nodeId: string): Promise<void> {
    this.tests.set(nodeId, 'running');
    try {
      const path = `/api/network/nodes/${encodeURIComponent(nodeId)}/test`;
      this.tests.set(nodeId, await client.post<NetworkTest>(path));
    } catch (error) {
      this.tests.delete(nodeId);
      notifyError(error);
    }
  }

  async #write(edit: Partial<NetworkEdit> & Pick<NetworkEdit, 'nodes'>): Promise<string | null> {
    if (!this.view) return null;
    try {
      this.view = await client.put<NetworkView>('/api/network', { local: this.view.local, ...edit });
      // What was found out holds for nodes as they were.
      this.tests.clear();
      return null;
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      return errorText(error);
    }
  }
}

export const network = new Network();
