/**
 * The pointer over one side: left drag turns, middle or Shift drag moves, right drag changes the threshold, the wheel moves the cut
 * (zooms while nothing is cut), Ctrl wheel zooms, a click picks. A gesture belongs to the side where it began.
 */
import type { Attachment } from 'svelte/attachments';

export interface PointerMeaning {
  /** Radians. */
  turn(right: number, down: number): void;
  /** CSS pixels. */
  move(right: number, down: number): void;
  /** CSS pixels to the right. */
  threshold(right: number): void;
  thresholdRests(): void;
  /** Notches away from the person; the pointer in CSS pixels from the top left corner. */
  wheel(notches: number, zooms: boolean, x: number, y: number): void;
  pick(x: number, y: number): void;
  maximise(): void;
  /** Whether a drag is under way. */
  dragging(on: boolean): void;
}

/** A press that moves less than this is a click, CSS pixels. */
const clickPx = 4;
const radiansPerPx = Math.PI / 500;

export function bonePointer(meaning: PointerMeaning): Attachment<HTMLElement> {
  return (element) => {
    let gesture: { button: number; x: number; y: number; travelled: number } | null = null;

    const down = (event: PointerEvent): void => {
      if (gesture || event.button > 2) return;
      if (event.button === 1) event.preventDefault();
      const button = event.button === 0 && event.shiftKey ? 1 : event.button;
      gesture = { button, x: event.clientX, y: event.clientY, travelled: 0 };
      element.setPointerCapture(event.pointerId);
      meaning.dragging(true);
    };
    const move = (event: PointerEvent): void => {
      if (!gesture) return;
      const [dx, dy] = [event.clientX - gesture.x, event.clientY - gesture.y];
      gesture = {
        ...gesture,
        x: event.clientX,
        y: event.clientY,
        travelled: gesture.travelled + Math.hypot(dx, dy),
      };
      if (gesture.travelled < clickPx) return;
      if (gesture.button === 0) meaning.turn(dx * radiansPerPx, dy * radiansPerPx);
      else if (gesture.button === 1) meaning.move(dx, dy);
      else meaning.threshold(dx);
    };
    const up = (event: PointerEvent): void => {
      if (!gesture) return;
      const { button, travelled } = gesture;
      gesture = null;
      meaning.dragging(false);
      if (button === 2 && travelled >= clickPx) meaning.thresholdRests();
      if (button !== 0 || travelled >= clickPx || event.type === 'pointercancel') return;
      const { left, top } = element.getBoundingClientRect();
      meaning.pick(event.clientX - left, event.clientY - top);
    };
    const wheel = (event: WheelEvent): void => {
      event.preventDefault();
      const { left, top } = element.getBoundingClientRect();
      const notches = -event.deltaY / (event.deltaMode === 0 ? 100 : 3);
      meaning.wheel(notches, event.ctrlKey || event.metaKey, event.clientX - left, event.clientY - top);
    };
    const menu = (event: Event): void => event.preventDefault();
    const double = (): void => meaning.maximise();

    element.addEventListener('pointerdown', down);
    element.addEventListener('pointermove', move);
    element.addEventListener('pointerup', up);
    element.addEventListener('pointercancel', up);
    element.addEventListener('wheel', wheel, { passive: false });
    element.addEventListener('contextmenu', menu);
    element.addEventListener('dblclick', double);
    return () => {
      element.removeEventListener('pointerdown', down);
      element.removeEventListener('pointermove', move);
      element.removeEventListener('pointerup', up);
      element.removeEventListener('pointercancel', up);
      element.removeEventListener('wheel', wheel);
      element.removeEventListener('contextmenu', menu);
      element.removeEventListener('dblclick', double);
    };
  };
}
