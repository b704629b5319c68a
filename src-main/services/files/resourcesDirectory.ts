/** Where the program's own resources are, from sources and from the built program alike. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The nearest `resources/<name>` above this file. Throws when the program is incomplete. */
export function resourcesDirectory(name: string): string {
  for (let at = import.meta.dirname; ; at = dirname(at)) {
    const path = join(at, 'resources', name);
    if (existsSync(path)) return path;
    if (dirname(at) === at)
      throw new Error(`The program is incomplete: there is no folder resources/${name}.`);
  }
}
