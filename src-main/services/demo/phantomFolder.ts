/** Where a further phantom goes in a workspace that may hold some already: a new folder, and numbers that no patient has yet. */
import { join } from 'node:path';
import { fileExists } from '../../workflows/files/fileExists.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';

/** A folder that is not there yet, in the workspace's `phantom/`: `<name>`, else `<name>-2` and so on. */
export async function phantomFolder({ directory }: Workspace, name: string): Promise<string> {
  for (let count = 1; ; count++) {
    const path = join(directory, 'phantom', count === 1 ? name : `${name}-${count}`);
    if (!(await fileExists(path))) return path;
  }
}

/** The number after the largest of the phantoms in the workspace; 1 where there is none. */
export async function freePhantomNumber(workspace: Workspace): Promise<number> {
  const numbers = (await workspace.listCases()).map(({ label }) =>
    Number(/^PHANTOM-(\d+)$/.exec(label)?.[1] ?? 0),
  );
  return Math.max(0, ...numbers) + 1;
}
