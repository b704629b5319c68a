/** Opens a workspace with all that works on it, once per process. */
import type { AppServices, HostFacts } from './appServices.ts';
import { openStaticFiles } from './files/staticFiles.ts';
import { createEventHub } from './jobs/eventHub.ts';
import { openWorkspace } from './workspace/openWorkspace.ts';

export interface ServiceOptions {
  readonly workspaceDirectory: string;
  readonly host: HostFacts;
  /** Where the built window is. */
  readonly rendererDirectory?: string;
}

/** Throws what `openWorkspace` throws. */
export async function createServices({
  workspaceDirectory,
  host,
  rendererDirectory,
}: ServiceOptions): Promise<AppServices> {
  const workspace = await openWorkspace(workspaceDirectory);
  return {
    host,
    workspace,
    events: createEventHub(),
    ...(rendererDirectory === undefined ? {} : { window: openStaticFiles(rendererDirectory) }),
    close: () => Promise.resolve(),
  };
}
