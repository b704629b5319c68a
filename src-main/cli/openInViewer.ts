/** Shows a file in the program the system has for it. */
import { spawn } from 'node:child_process';

const openers: Readonly<Record<string, readonly string[]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

/** Whether there is a screen to show something on. */
export function hasDisplay(
  platform: string = process.platform,
  env: Readonly<Record<string, string | undefined>> = process.env,
): boolean {
  return platform in openers || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);
}

/** Starts the viewer and does not wait for it; false when there is no program that could be started. */
export async function openInViewer(path: string): Promise<boolean> {
  const [program = 'xdg-open', ...args] = openers[process.platform] ?? ['xdg-open'];
  return new Promise((resolve) => {
    const viewer = spawn(program, [...args, path], { detached: true, stdio: 'ignore' });
    viewer.on('error', () => resolve(false));
    viewer.on('spawn', () => resolve(true));
    viewer.unref();
  });
}
