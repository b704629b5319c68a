import { resolve } from 'node:path';

/** What the app was started with; all paths are absolute. */
export interface HostArguments {
  readonly workspace?: string;
  /** Files and folders to open. */
  readonly paths: readonly string[];
}

/**
 * `argv` with Electron's own program first and, unless packaged, the app's folder second; switches of Chromium are skipped.
 * `directory`: where it was started.
 */
export function argumentsOf(argv: readonly string[], isPackaged: boolean, directory: string): HostArguments {
  const given = argv.slice(isPackaged ? 1 : 2);
  const at = given.indexOf('--workspace');
  const workspace = at < 0 ? undefined : given[at + 1];
  const paths = given.filter((argument, index) => !argument.startsWith('-') && (at < 0 || index !== at + 1));
  return {
    ...(workspace === undefined ? {} : { workspace: resolve(directory, workspace) }),
    paths: paths.map((path) => resolve(directory, path)),
  };
}
