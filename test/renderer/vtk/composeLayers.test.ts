import { describe, expect, it } from 'vitest';
import { checkParts, composeLayers, type ViewContent } from '../../../src-renderer/vtk/composeLayers.ts';
import type { LoadedVolume } from '../../../src-renderer/lib/volume.ts';

const volume = (name: string) => ({ name }) as unknown as LoadedVolume;
const window = { width: 400, level: 40 };
const [ct, sct, weight] = [volume('ct'), volume('sct'), volume('weight')];
const content: ViewContent = {
  base: { volume: sct, window },
  compared: null,
  overlay: null,
  smooth: true,
  widthMm: 100,
  heightMm: 60,
  panMm: [0, 0],
};
const grid = { size: [2, 2, 2], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] } as const;
const pair = { first: { volume: ct, window }, second: { volume: sct, window } };

describe('composeLayers', () => {
  it('shows nothing where there is no image yet', () => {
    const overlay = { volume: weight, window, map: 'sequential', opacity: 0.5, within: null } as const;
    expect(composeLayers({ ...content, base: { volume: undefined, window }, overlay })).toEqual([]);
  });

  it('lays the map over the image with the opacity asked for', () => {
    const overlay = { volume: weight, window, map: 'sequential', opacity: 1, within: null } as const;
    const layers = composeLayers({ ...content, overlay });
    expect(layers.map(({ volume: shown, opacity }) => [shown, opacity])).toEqual([
      [sct, 1],
      [weight, 1],
    ]);
  });

  it('blends: the second over the whole first, as much as is asked for', () => {
    const layers = composeLayers({
      ...content,
      compared: { ...pair, how: { mode: 'blend', share: 0.3 } },
    });
    expect(layers.map(({ volume: shown, opacity, parts }) => [shown, opacity, parts])).toEqual([
      [ct, 1, null],
      [sct, 0.3, null],
    ]);
  });

  it('wipes: the first left of the line, the second right of it, together the whole view', () => {
    const [left, right] = composeLayers({
      ...content,
      compared: { ...pair, how: { mode: 'wipe', share: 0.3 } },
    });
    expect([left!.volume, right!.volume]).toEqual([ct, sct]);
    expect(left!.parts![0]).toMatchObject({ left: -50, right: -20, bottom: -30, top: 30 });
    expect(right!.parts![0]).toMatchObject({ left: -20, right: 50 });
  });

  it('shows one of the pair at a time when it blinks', () => {
    const shown = (second: boolean) =>
      composeLayers({ ...content, compared: { ...pair, how: { mode: 'blink', second } } }).map(
        (l) => l.volume,
      );
    expect([shown(false), shown(true)]).toEqual([[ct], [sct]]);
  });

  it('shows a difference alone, once it is there', () => {
    const how = (difference: LoadedVolume | null) =>
      ({ mode: 'difference', volume: difference, range: 200, within: grid }) as const;
    const overlay = { volume: weight, window, map: 'sequential', opacity: 0.5, within: null } as const;
    expect(composeLayers({ ...content, compared: { ...pair, how: how(null) } })).toEqual([]);
    const [only, ...rest] = composeLayers({ ...content, overlay, compared: { ...pair, how: how(weight) } });
    expect([only!.window, only!.within, rest.length]).toEqual([{ width: 400, level: 0 }, grid, 0]);
  });
});

describe('checkParts', () => {
  it('covers the view once, both colours together', () => {
    for (const panMm of [
      [0, 0],
      [13, -7.5],
    ] as const) {
      const view = { widthMm: 100, heightMm: 60, panMm };
      const parts = [...checkParts(view, 20, 0), ...checkParts(view, 20, 1)];
      const area = parts.reduce(
        (sum, { left, right, bottom, top }) => sum + (right - left) * (top - bottom),
        0,
      );
      expect(area).toBeCloseTo(6000, 6);
    }
  });

  it('stays with the patient when the view is panned', () => {
    const inner = (panMm: readonly [number, number]) =>
      checkParts({ widthMm: 100, heightMm: 60, panMm }, 20, 0).find(
        ({ left, right }) => right - left === 20,
      )!;
    expect((((inner([5, 0]).left + 5) % 20) + 20) % 20).toBe(((inner([0, 0]).left % 20) + 20) % 20);
  });
});
