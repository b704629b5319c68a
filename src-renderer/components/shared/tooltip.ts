/**
 * A tooltip as an attachment: `{@attach tooltip(() => ({ text, shortcut }))}`. Shown after a short rest of the pointer, at once on
 * keyboard focus, in the top layer; Escape hides it. It repeats or explains, so nothing is lost where nobody can hover.
 */
import type { Attachment } from 'svelte/attachments';
import { keyCaps } from '../../lib/keys.ts';

export interface TooltipContent {
  readonly text?: string | undefined;
  readonly shortcut?: string | undefined;
  /** Why it cannot be used now. */
  readonly reason?: string | undefined;
}

const restMs = 450;
const gapPx = 6;
let shown: { element: HTMLElement; hide(): void } | null = null;
let counter = 0;

function fill(bubble: HTMLElement, { text, shortcut, reason }: TooltipContent): boolean {
  bubble.replaceChildren();
  for (const [name, line] of [
    ['text', text],
    ['reason', reason],
  ] as const) {
    if (!line) continue;
    const part = document.createElement('span');
    part.className = `tooltip-${name}`;
    part.textContent = line;
    bubble.append(part);
  }
  if (shortcut) {
    const keys = document.createElement('span');
    keys.className = 'tooltip-keys';
    for (const cap of keyCaps(shortcut).flat()) {
      const key = document.createElement('kbd');
      key.textContent = cap;
      keys.append(key);
    }
    bubble.append(keys);
  }
  return bubble.childNodes.length > 0;
}

function place(bubble: HTMLElement, anchor: DOMRect): void {
  const { width, height } = bubble.getBoundingClientRect();
  const below = anchor.bottom + gapPx;
  const top = below + height < window.innerHeight ? below : Math.max(gapPx, anchor.top - gapPx - height);
  const middle = anchor.left + anchor.width / 2 - width / 2;
  const left = Math.min(Math.max(gapPx, middle), Math.max(gapPx, window.innerWidth - width - gapPx));
  bubble.style.left = `${String(left)}px`;
  bubble.style.top = `${String(top)}px`;
}

/** Shows what `content` says now whenever the element is pointed at or focused by key. */
export function tooltip(content: () => TooltipContent): Attachment<HTMLElement> {
  return (element) => {
    let timer: ReturnType<typeof setTimeout> | undefined;

    const hide = (): void => {
      clearTimeout(timer);
      if (shown?.element !== element) return;
      shown.hide();
      shown = null;
    };
    const show = (): void => {
      clearTimeout(timer);
      if (shown?.element === element) return;
      shown?.hide();
      shown = null;
      const bubble = document.createElement('div');
      bubble.className = 'tooltip';
      bubble.setAttribute('role', 'tooltip');
      bubble.setAttribute('popover', 'manual');
      bubble.id = `tooltip-${String(++counter)}`;
      if (!fill(bubble, content())) return;
      (element.closest('dialog') ?? document.body).append(bubble);
      if (typeof bubble.showPopover === 'function') bubble.showPopover();
      place(bubble, element.getBoundingClientRect());
      element.setAttribute('aria-describedby', bubble.id);
      shown = {
        element,
        hide() {
          element.removeAttribute('aria-describedby');
          bubble.remove();
        },
      };
    };
    const later = (event: PointerEvent): void => {
      if (event.pointerType === 'touch') return;
      clearTimeout(timer);
      timer = setTimeout(show, restMs);
    };
    const onFocus = (): void => {
      if (element.matches(':focus-visible')) show();
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') hide();
    };

    element.addEventListener('pointerenter', later);
    element.addEventListener('pointerleave', hide);
    element.addEventListener('pointerdown', hide);
    element.addEventListener('focus', onFocus);
    element.addEventListener('blur', hide);
    element.addEventListener('keydown', onKey);
    return () => {
      hide();
      element.removeEventListener('pointerenter', later);
      element.removeEventListener('pointerleave', hide);
      element.removeEventListener('pointerdown', hide);
      element.removeEventListener('focus', onFocus);
      element.removeEventListener('blur', hide);
      element.removeEventListener('keydown', onKey);
    };
  };
}
