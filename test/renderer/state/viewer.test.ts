// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HU_PRESETS } from '../../../src-renderer/lib/windowing.ts';
import { compare } from '../../../src-renderer/state/compare.svelte.ts';
import { cursor } from '../../../src-renderer/state/cursor.svelte.ts';
import { measure } from '../../../src-renderer/state/measure.svelte.ts';
import { overlay } from '../../../src-renderer/state/overlay.svelte.ts';
import { study } from '../../../src-renderer/state/study.svelte.ts';
import { viewer } from '../../../src-renderer/state/viewer.svelte.ts';
import { ViewGestures } from '../../../src-renderer/state/viewGestures.ts';
import { viewports } from '../../../src-renderer/state/viewports.svelte.ts';
import { fakeServer } from '../fixtures/fakeServer.ts';
import { aStudy, volumeAnswer } from '../fixtures/volumes.ts';

/** A volume of 4 × 4 × 2 voxels in six viewports of 301 × 200 pixels. */
beforeEach(async () => {
  vi.stubGlobal('matchMedia', () => ({ matches: false }));
  fakeServer({
    'GET /api/cases/a': () => aStudy('a'),
    'GET /api/cases/a/volumes/mr': () => volumeAnswer(0, { unit: 'signal' }),
    'GET /api/cases/a/volumes/ct': () => volumeAnswer(100),
  });
  viewer.layout = 'volumes';
  viewer.tool = 'cursor';
  viewer.huWindow = HU_PRESETS.bone;
  viewer.forget();
  measure.forget();
  compare.choose('side');
  overlay.show('none');
  viewports.size = { width: 905, height: 401 };
  study.follow('a');
  await vi.waitFor(() => expect(study.volumes.ct).toBeDefined());
});
afterEach(() => {
  study.close();
  vi.unstubAllGlobals();
});

const view = (id: string) => viewports.views.find(({ spec }) => spec.id === id)!;
const wheel = (deltaY: number, more: Partial<WheelEvent> = {}) =>
  ({ deltaMode: 0, deltaY, ...more }) as WheelEvent;

describe('viewports', () => {
  it('fills the room with whole pixels and a line between neighbours', () => {
    expect(viewports.views.map(({ rectangle }) => rectangle.left)).toEqual([0, 302, 604, 0, 302, 604]);
    expect(view('sct-coronal').rectangle).toEqual({ left: 604, top: 201, width: 301, height: 200 });
  });

  it('shows three planes of one image, and one view alone when maximised', () => {
    viewer.layout = 'planes';
    viewer.planesImage = 'ct';
    expect(viewports.views.map(({ spec }) => spec.id)).toEqual(['ct-axial', 'ct-coronal', 'ct-sagittal']);
    viewer.toggleMaximised('ct-sagittal');
    expect(viewports.views.map(({ rectangle }) => rectangle)).toEqual([
      { left: 0, top: 0, width: 905, height: 401 },
    ]);
    viewer.toggleMaximised('ct-sagittal');
    expect(viewports.views).toHaveLength(3);
  });

  it('cuts all volumes of a row through the same plane, which goes through the cursor', () => {
    viewer.goToSlice('axial', 0);
    for (const id of ['mr-axial', 'ct-axial', 'sct-axial']) {
      expect(view(id).slice).toBe(0);
      expect(view(id).projection.centre[2]).toBe(0);
    }
    expect(cursor.lps![2]).toBe(0);
  });

  it('shows the pair in the viewports of its second image', () => {
    compare.choosePair(['mr', 'ct']);
    compare.choose('wipe');
    expect(viewports.views.filter(({ pair }) => pair).map(({ spec }) => spec.id)).toEqual([
      'ct-axial',
      'ct-coronal',
    ]);
    expect(view('ct-axial').layers.map(({ volume }) => volume)).toEqual([study.volumes.mr, study.volumes.ct]);
  });
});

describe('gestures', () => {
  it('scrolls one slice towards the feet per notch of the wheel', () => {
    const gestures = new ViewGestures();
    viewer.goToSlice('axial', 1);
    gestures.wheel(wheel(100), [0, 0], view('mr-axial'));
    expect(viewer.slice('axial')).toBe(0);
    gestures.wheel(wheel(-120), [0, 0], view('mr-axial'));
    expect(viewer.slice('axial')).toBe(1);
    gestures.wheel(wheel(3, { deltaMode: 1 }), [0, 0], view('mr-axial'));
    expect(viewer.slice('axial')).toBe(0);
  });

  it('gathers the small steps of a touchpad and turns round at once', () => {
    const gestures = new ViewGestures();
    viewer.goToSlice('axial', 1);
    for (const delta of [10, 10]) gestures.wheel(wheel(delta), [0, 0], view('mr-axial'));
    expect(viewer.slice('axial')).toBe(1);
    gestures.wheel(wheel(10), [0, 0], view('mr-axial'));
    expect(viewer.slice('axial')).toBe(0);
    for (const delta of [8, -15, -15]) gestures.wheel(wheel(delta), [0, 0], view('mr-axial'));
    expect(viewer.slice('axial')).toBe(1);
  });

  it('moves the cursor with the left button, in patient space', () => {
    const gestures = new ViewGestures();
    const axial = view('ct-axial');
    gestures.down(0, [150.5, 100], axial);
    expect(cursor.lps).toEqual([2, 2, 2.5]);
    gestures.move([150.5 + 1 / axial.projection.mmPerPixel, 100], false, axial);
    expect(cursor.lps![0]).toBe(3);
    gestures.up([0, 0], axial);
    expect(gestures.busy).toBe(false);
  });

  it('sets the window of CT and sCT together with the right button, finer with Shift, and leaves the MR alone', () => {
    const gestures = new ViewGestures();
    const { mrWindow } = viewer;
    gestures.down(2, [0, 0], view('ct-axial'));
    gestures.move([40, 20], false, view('ct-axial'));
    expect(viewer.windowOf('sct')).toEqual({ width: 1700, level: 350 });
    gestures.move([40, 20], true, view('ct-axial'));
    expect(viewer.windowOf('ct')).toEqual({ width: 1540, level: 310 });
    expect(viewer.mrWindow).toEqual(mrWindow);
  });

  it('keeps a gesture with the view it began in', () => {
    const gestures = new ViewGestures();
    gestures.down(2, [0, 0], view('mr-axial'));
    gestures.down(0, [5, 5], view('mr-axial'));
    const before = cursor.lps;
    gestures.move([400, 0], false, view('mr-axial'));
    expect(viewer.mrManual!.width).toBeCloseTo(200, 6);
    expect(cursor.lps).toBe(before);
  });

  it('pans all viewports of a plane with the middle button and no other plane', () => {
    const gestures = new ViewGestures();
    const { mmPerPixel } = view('mr-axial').projection;
    gestures.down(1, [0, 0], view('mr-axial'));
    gestures.move([10, 0], false, view('mr-axial'));
    expect(viewer.camera('axial').panMm[0]).toBeCloseTo(-10 * mmPerPixel, 9);
    expect(viewer.camera('coronal').panMm).toEqual([0, 0]);
  });

  it('zooms about the pointer: what lies under it stays there', async () => {
    const { toLps } = await import('../../../src-renderer/lib/viewProjection.ts');
    const gestures = new ViewGestures();
    const at = [40, 30] as const;
    const before = toLps(view('mr-axial').projection, at);
    gestures.wheel(wheel(-200, { ctrlKey: true }), at, view('mr-axial'));
    expect(viewer.camera('axial').zoom).toBeGreaterThan(1.5);
    toLps(view('mr-axial').projection, at).forEach((mm, axis) => expect(mm).toBeCloseTo(before[axis]!, 9));
  });

  it('draws with the tool in hand and then puts it down', () => {
    const gestures = new ViewGestures();
    viewer.tool = 'ruler';
    gestures.down(0, [100, 100], view('mr-axial'));
    gestures.move([160, 100], false, view('mr-axial'));
    gestures.up([160, 100], view('mr-axial'));
    expect([measure.list.length, viewer.tool]).toEqual([1, 'cursor']);
  });

  it('draws with two clicks as well', () => {
    const gestures = new ViewGestures();
    viewer.tool = 'ruler';
    gestures.down(0, [100, 100], view('mr-axial'));
    gestures.up([100, 100], view('mr-axial'));
    gestures.move([140, 120], false, view('mr-axial'));
    gestures.down(0, [140, 120], view('mr-axial'));
    expect(measure.list).toHaveLength(1);
  });
});

describe('windows', () => {
  it('follows the MR until somebody sets it by hand', () => {
    expect(viewer.mrWindow).toEqual({ width: 100, level: 50 });
    viewer.setWindow('mr', { width: 10, level: 5 });
    expect(viewer.mrWindow).toEqual({ width: 10, level: 5 });
    viewer.mrManual = null;
    expect(viewer.mrWindow.width).toBe(100);
  });

  it('names the preset that is in effect', () => {
    viewer.huWindow = { ...HU_PRESETS.lung };
    expect(viewer.huPreset).toBe('lung');
    viewer.huWindow = { width: 1, level: 1 };
    expect(viewer.huPreset).toBeNull();
  });
});

describe('overlay and comparing', () => {
  it('says why a map cannot be shown and never shows it', () => {
    expect(overlay.missing('weight')).toBe('synthesize.overlay.noWeight');
    overlay.show('weight');
    expect(overlay.layer).toBeNull();
    overlay.show('none');
    overlay.next();
    expect(overlay.kind).toBe('none');
  });

  it('keeps opacity between 0 and 1', () => {
    overlay.opacity = 0.95;
    overlay.changeOpacity(0.1);
    expect(overlay.opacity).toBe(1);
  });

  it('does not blink by itself where little motion is wished for, but does when asked', () => {
    vi.stubGlobal('matchMedia', () => ({ matches: true }));
    compare.choose('blink');
    expect(compare.blinking).toBe(false);
    compare.flip();
    expect(compare.second).toBe(true);
  });
});
