/** The theme's colours of bone, as numbers for the graphics card. */
import { parseColour, type BonePalette } from '../../lib/meshColours.ts';

export function readPalette(element: Element): BonePalette {
  const style = getComputedStyle(element);
  const token = (name: string): readonly [number, number, number] =>
    parseColour(style.getPropertyValue(name));
  return {
    bone: token('--bone'),
    dense: token('--bone-dense'),
    hollow: token('--bone-hollow'),
    added: token('--bone-added'),
    missing: token('--bone-missing'),
  };
}

/** Calls `changed` whenever the theme does; call the result to stop. */
export function onThemeChange(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}
