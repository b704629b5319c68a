/** Light or dark, on the root element; `system` follows the computer while the window is open. */
import type { Settings } from '../../src-main/api/contract/session.ts';

let current: Settings['theme'] = 'system';
let watching = false;

function lightSystem(): MediaQueryList | null {
  return typeof window.matchMedia === 'function' ? window.matchMedia('(prefers-color-scheme: light)') : null;
}

export function applyTheme(theme: Settings['theme']): void {
  current = theme;
  const system = lightSystem();
  const light = theme === 'light' || (theme === 'system' && system?.matches === true);
  document.documentElement.dataset['theme'] = light ? 'light' : 'dark';
  if (watching) return;
  watching = true;
  system?.addEventListener('change', () => applyTheme(current));
}
