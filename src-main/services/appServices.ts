/** Everything behind the application's routes, put together by `createServices`. */
import type { Session } from '../api/contract.ts';
import type { EventHub } from './jobs/eventHub.ts';
import type { Workspace } from './workspace/openWorkspace.ts';

/** What the host (Electron or `ilium serve`) says of itself. */
export type HostFacts = Pick<Session, 'host' | 'canOpenPaths'>;

export interface AppServices {
  readonly host: HostFacts;
  readonly workspace: Workspace;
  readonly events: EventHub;
}
