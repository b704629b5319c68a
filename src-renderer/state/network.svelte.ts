/** The network's nodes as they are set up, and whether each answers. Changes are kept at once. */
import type {
  NetworkEdit,
  NetworkLocal,
  NetworkTest,
  NetworkView,
  NodeBody,
} from '../../src-main/api/contract.ts';
import { SvelteMap } from 'svelte/reactivity';
import { client } from '../lib/client.ts';
import { app } from './app.svelte.ts';
import { notifyError } from './notices.svelte.ts';

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

  /** Whether it could be kept. */
  async changeLocal(local: NetworkLocal): Promise<boolean> {
    return this.#write({ local, nodes: this.nodes.map(({ nodeId, node }) => ({ nodeId, node })) });
  }

  /** Adds a node, or changes the one named; a `secret` of undefined stays as it is. */
  async put(node: NodeBody, nodeId?: string, secret?: string): Promise<boolean> {
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

  async remove(nodeId: string): Promise<boolean> {
    const left = this.nodes.filter((one) => one.nodeId !== nodeId);
    return this.#write({ nodes: left.map((one) => ({ nodeId: one.nodeId, node: one.node })) });
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

  async #write(edit: Partial<NetworkEdit> & Pick<NetworkEdit, 'nodes'>): Promise<boolean> {
    if (!this.view) return false;
    try {
      this.view = await client.put<NetworkView>('/api/network', { local: this.view.local, ...edit });
      // What was found out holds for nodes as they were.
      this.tests.clear();
      return true;
    } catch (error) {
      notifyError(error);
      return false;
    }
  }
}

export const network = new Network();
