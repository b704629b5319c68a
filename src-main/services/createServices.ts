/** Opens a workspace with all that works on it, once per process. */
import type { AppServices, HostFacts } from './appServices.ts';
import { createEventHub } from './jobs/eventHub.ts';
import { openWorkspace } from './workspace/openWorkspace.ts';

export interface ServiceOptions {
  readonly workspaceDirectory: string;
  readonly host: HostFacts;
}

/** Throws what `openWorkspace` throws. */
export async function createServices({ workspaceDirectory, host }: ServiceOptions): Promise<AppServices> {
  const workspace = await openWorkspace(workspaceDirectory);
  return { host, workspace, events: createEventHub() };
}
