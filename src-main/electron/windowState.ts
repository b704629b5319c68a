/** What the window keeps between starts: where it stood, and what was opened lately. A small JSON file in the user's data folder. */
import { z } from 'zod';
import { readFile } from 'node:fs/promises';
import { toAppError } from '../shared/toAppError.ts';
import { writeAtomically } from '../workflows/files/writeAtomically.ts';

const boundsSchema = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().min(640),
  height: z.int().min(480),
});

const windowStateSchema = z.object({
  schemaVersion: z.literal(1),
  bounds: boundsSchema.nullable(),
  maximized: z.boolean(),
  /** Newest first. */
  recentPaths: z.array(z.string().min(1)),
});

export type WindowState = Readonly<z.infer<typeof windowStateSchema>>;
export type Bounds = Readonly<z.infer<typeof boundsSchema>>;

const freshState: WindowState = { schemaVersion: 1, bounds: null, maximized: false, recentPaths: [] };
const recentLimit = 10;

/** The state in `path`; that of a first start when the file is missing or damaged, for where a window stood is not worth an error. */
export async function readWindowState(path: string): Promise<WindowState> {
  try {
    return windowStateSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return freshState;
  }
}

/** Writes `state` with where `window` stands. A place that cannot be written down is no reason to keep the program from ending. */
export async function keepWindowState(
  path: string,
  state: WindowState,
  window: { readonly getNormalBounds: () => Bounds; readonly isMaximized: () => boolean },
): Promise<void> {
  const { x, y, width, height } = window.getNormalBounds();
  const kept: WindowState = { ...state, bounds: { x, y, width, height }, maximized: window.isMaximized() };
  try {
    await writeAtomically(path, `${JSON.stringify(kept, null, 2)}\n`);
  } catch (error) {
    process.stderr.write(`ilium: ${toAppError(error).message}\n`);
  }
}

/** `paths` come first, each once, and the oldest fall off. */
export function withRecentPaths(state: WindowState, paths: readonly string[]): WindowState {
  return { ...state, recentPaths: [...new Set([...paths, ...state.recentPaths])].slice(0, recentLimit) };
}

/** The remembered place when at least its title bar lies on one of the screens, else nothing: a screen may be gone. */
export function visibleBounds(
  bounds: Bounds | null,
  screens: readonly {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  }[],
): Bounds | undefined {
  if (!bounds) return undefined;
  const [x, y] = [bounds.x + bounds.width / 2, bounds.y + 16];
  const shown = screens.some(
    (screen) => x >= screen.x && x < screen.x + screen.width && y >= screen.y && y < screen.y + screen.height,
  );
  return shown ? bounds : undefined;
}
