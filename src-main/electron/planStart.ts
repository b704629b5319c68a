/** Which host opens the app, and what the person is told about it. */

export interface Machine {
  /** Electron's program; undefined when it is not on this machine. */
  readonly electron: string | undefined;
  readonly hasDisplay: boolean;
}

export type StartHost =
  | { readonly kind: 'electron'; readonly program: string }
  | { readonly kind: 'electron-development' }
  | { readonly kind: 'browser' }
  | { readonly kind: 'browser-development' };

export interface StartPlan {
  readonly host: StartHost;
  readonly arguments: readonly string[];
  readonly needsBuild: boolean;
  readonly notes: readonly string[];
}

/** `argv` without node and script; `--dev` asks for hot reload and `--browser` for no Electron, the rest is handed on. */
export function planStart(argv: readonly string[], { electron, hasDisplay }: Machine): StartPlan {
  const isDevelopment = argv.includes('--dev');
  const given = argv.filter((argument) => argument !== '--dev' && argument !== '--browser');
  const wantsBrowser = argv.includes('--browser');
  if (electron !== undefined && hasDisplay && !wantsBrowser)
    return {
      host: isDevelopment ? { kind: 'electron-development' } : { kind: 'electron', program: electron },
      arguments: given,
      needsBuild: !isDevelopment,
      notes: [],
    };
  const notes: string[] = [];
  if (electron === undefined && !wantsBrowser)
    notes.push(
      'Electron’s program is not on this machine (`npx --no install-electron` fetches it); the app opens in the browser instead.',
    );
  if (!hasDisplay) notes.push('There is no screen here: open the link below in a browser on this machine.');
  if (isDevelopment) return { host: { kind: 'browser-development' }, arguments: [], needsBuild: true, notes };
  return {
    host: { kind: 'browser' },
    arguments: hasDisplay ? ['--open', ...given] : given,
    needsBuild: true,
    notes,
  };
}
