/** A stroke as `webContents.sendInputEvent` takes it. */
export interface KeyPress {
  readonly type: 'keyDown' | 'keyUp';
  readonly keyCode: string;
  readonly modifiers: ('control' | 'meta' | 'shift')[];
}

/** The strokes of a key in the window's spelling: `Mod+Shift+Z`, `?`, `G L` (G, then L). */
export function keyPresses(key: string, platform: string): readonly KeyPress[] {
  return key.split(' ').flatMap((stroke) => {
    const parts = stroke.split('+');
    const keyCode = parts.at(-1) ?? '';
    const modifiers = parts
      .slice(0, -1)
      .map((part) => (part === 'Shift' ? 'shift' : platform === 'darwin' ? 'meta' : 'control'));
    return (['keyDown', 'keyUp'] as const).map((type) => ({ type, keyCode, modifiers }));
  });
}
