/**
 * What the pointer does in a viewport. A gesture belongs to the view it began in until the button is let go: left moves the cursor
 * or draws with the tool in hand, right drag sets window and level, middle drag pans, the wheel scrolls slices, Ctrl wheel zooms.
 */
import type { Vector3 } from '../lib/geometry.ts';
import { toLps, type Projection, type ScreenPoint } from '../lib/viewProjection.ts';
import { dragSpan, draggedWindow, type GreyWindow } from '../lib/windowing.ts';
import type { ViewCamera } from '../lib/viewCamera.ts';
import { cursor } from './cursor.svelte.ts';
import { measure } from './measure.svelte.ts';
import { study } from './study.svelte.ts';
import { viewer, type ImageName, type ViewSpec } from './viewer.svelte.ts';

/** What browsers report for one notch of a mouse wheel: 100 to 120 pixels. */
const NOTCH_PIXELS = 110;
/** Pixels per slice on a touchpad. */
const TOUCH_PIXELS = 30;
/** A press that moves less is a click, CSS pixels. */
const CLICK_PIXELS = 4;

/** What a gesture has to know of its viewport. */
export interface GestureView {
  readonly spec: ViewSpec;
  readonly projection: Projection;
  readonly pair: readonly [ImageName, ImageName] | null;
}

type Gesture =
  | { readonly kind: 'cursor' }
  | { readonly kind: 'draw'; readonly from: ScreenPoint }
  | {
      readonly kind: 'window';
      readonly image: ImageName;
      readonly from: ScreenPoint;
      readonly window: GreyWindow;
      readonly span: number;
    }
  | { readonly kind: 'pan'; readonly from: ScreenPoint; readonly camera: ViewCamera };

export class ViewGestures {
  #gesture: Gesture | null = null;
  #wheel = 0;

  /** Whether a button is held in this view. */
  get busy(): boolean {
    return this.#gesture !== null;
  }

  down(button: number, at: ScreenPoint, view: GestureView): void {
    const { spec } = view;
    viewer.activeId = spec.id;
    if (this.#gesture) return;
    if (button === 0) this.#press(at, view);
    else if (button === 1) this.#gesture = { kind: 'pan', from: at, camera: viewer.camera(spec.plane) };
    else if (button === 2) {
      const image = view.pair?.[1] ?? spec.image;
      const volume = study.shown(image);
      const window = viewer.windowOf(image);
      this.#gesture = { kind: 'window', image, from: at, window, span: volume ? dragSpan(volume) : 2000 };
    }
  }

  move(at: ScreenPoint, fine: boolean, { spec, projection: view }: GestureView): void {
    const gesture = this.#gesture;
    if (!gesture) {
      measure.follow(toLps(view, at));
    } else if (gesture.kind === 'cursor') cursor.moveTo(toLps(view, at));
    else if (gesture.kind === 'draw') measure.follow(toLps(view, at));
    else if (gesture.kind === 'window') {
      const [dx, dy] = [at[0] - gesture.from[0], at[1] - gesture.from[1]];
      viewer.setWindow(gesture.image, draggedWindow(gesture.window, dx, dy, gesture.span, fine));
    } else {
      const { camera, from } = gesture;
      const panMm = [
        camera.panMm[0] - (at[0] - from[0]) * view.mmPerPixel,
        camera.panMm[1] + (at[1] - from[1]) * view.mmPerPixel,
      ] as const;
      viewer.setCamera(spec.plane, { ...camera, panMm });
    }
  }

  up(at: ScreenPoint, { projection: view }: GestureView): void {
    const gesture = this.#gesture;
    this.#gesture = null;
    if (gesture?.kind !== 'draw' || !measure.draft) return;
    const moved = Math.hypot(at[0] - gesture.from[0], at[1] - gesture.from[1]);
    if (moved > CLICK_PIXELS) this.#place(toLps(view, at));
  }

  /** The pointer was taken away (another window, an alert): nothing half done stays. */
  cancel(): void {
    this.#gesture = null;
    measure.dropDraft();
  }

  wheel(event: WheelEvent, at: ScreenPoint, { spec, projection: view }: GestureView): void {
    viewer.activeId = spec.id;
    const pixels = event.deltaMode === 0 ? event.deltaY : (event.deltaY * NOTCH_PIXELS) / 3;
    if (event.ctrlKey || event.metaKey) {
      const offset = [
        (at[0] - view.width / 2) * view.mmPerPixel,
        (view.height / 2 - at[1]) * view.mmPerPixel,
      ] as const;
      viewer.zoom(spec.plane, Math.exp(-pixels / 400), offset);
      return;
    }
    const steps = this.#wheelSteps(pixels);
    if (steps !== 0) viewer.stepDown(spec.plane, steps);
  }

  /** One slice per notch of a mouse wheel; the small steps of a touchpad are gathered. */
  #wheelSteps(pixels: number): number {
    if (Math.abs(pixels) >= NOTCH_PIXELS / 2) {
      this.#wheel = 0;
      return Math.sign(pixels) * Math.max(1, Math.round(Math.abs(pixels) / NOTCH_PIXELS));
    }
    if (Math.sign(pixels) !== Math.sign(this.#wheel)) this.#wheel = 0;
    this.#wheel += pixels;
    const steps = Math.trunc(this.#wheel / TOUCH_PIXELS);
    this.#wheel -= steps * TOUCH_PIXELS;
    return steps;
  }

  #press(at: ScreenPoint, { spec, projection: view }: GestureView): void {
    const lps = toLps(view, at);
    const { tool } = viewer;
    const plane = viewer.planes?.[spec.plane];
    if (tool === 'cursor' || !plane) {
      measure.selectedId = null;
      this.#gesture = { kind: 'cursor' };
      cursor.moveTo(lps);
    } else if (measure.draft) this.#place(lps);
    else {
      measure.begin(tool, lps, plane);
      this.#gesture = { kind: 'draw', from: at };
    }
  }

  /** Sets the draft's next point; with the last one the hand is free again. */
  #place(lps: Vector3): void {
    if (measure.place(lps)) viewer.tool = 'cursor';
  }
}
