/** What the app was started with. */
export interface HostArguments {
  readonly workspace?: string;
  /** Files and folders to open. */
  readonly paths: readonly string[];
}

/** `argv` with Electron's own program first and, unless packaged, the app's folder second; switches of Chromium are skipped. */
export function argumentsOf(argv: readonly string[], isPackaged: boolean): HostArguments {
  const given = argv.slice(isPackaged ? 1 : 2);
  const at = given.indexOf('--workspace');
  const workspace = at < 0 ? undefined : given[at + 1];
  const paths = given.filter((argument, index) => !argument.startsWith('-') && (at < 0 || index !== at + 1));
  return { ...(workspace === undefined ? {} : { workspace }), paths };
}
