/** The viewports on screen: where each lies, which plane of patient space it shows, and what is drawn in it. */
import { composeLayers, type Comparison, type GreyImage } from '../vtk/composeLayers.ts';
import { add, gridCentre, scale } from '../lib/geometry.ts';
import { fittedMmPerPixel } from '../lib/viewCamera.ts';
import { onSlice, type ViewPlane } from '../lib/viewPlane.ts';
import { gridOf } from '../lib/volume.ts';
import type { Projection } from '../lib/viewProjection.ts';
import type { SliceLayer, SliceView } from '../vtk/sliceView.ts';
import { compare } from './compare.svelte.ts';
import { nudge } from './nudge.svelte.ts';
import { differences } from './differences.svelte.ts';
import { overlay } from './overlay.svelte.ts';
import { study } from './study.svelte.ts';
import { viewer, type ImageName, type ViewArea, type ViewSpec } from './viewer.svelte.ts';

/** Width of the line between viewports, CSS pixels. */
const LINE_PIXELS = 1;

export interface PlacedView {
  readonly spec: ViewSpec;
  readonly plane: ViewPlane;
  readonly slice: number;
  readonly rectangle: SliceView['rectangle'];
  readonly projection: Projection;
  readonly layers: readonly SliceLayer[];
  /** The compared pair it shows instead of its image; null when it shows its image. */
  readonly pair: readonly [ImageName, ImageName] | null;
}

class Viewports {
  /** Size of all viewports together, CSS pixels. */
  size = $state.raw({ width: 0, height: 0 });

  readonly views: readonly PlacedView[] = $derived(
    viewer.shownViews.flatMap(({ spec, area }) => {
      const view = this.#place(spec, area);
      return view ? [view] : [];
    }),
  );

  readonly sliceViews: readonly SliceView[] = $derived(
    this.views.map(({ spec, rectangle, projection, layers }) => ({
      id: spec.id,
      rectangle,
      centre: projection.centre,
      right: projection.right,
      up: projection.up,
      mmPerPixel: projection.mmPerPixel,
      layers,
    })),
  );

  #place(spec: ViewSpec, area: ViewArea): PlacedView | null {
    const { reference } = study;
    const { width, height } = this.size;
    if (!reference || !viewer.planes || width < 1 || height < 1) return null;
    const [left, right] = span(width, area[0], area[2]);
    const [top, bottom] = span(height, area[1], area[3]);
    const rectangle = { left, top, width: right - left, height: bottom - top };
    const plane = viewer.planes[spec.plane];
    const slice = viewer.slice(spec.plane);
    const { zoom, panMm } = viewer.camera(spec.plane);
    const mmPerPixel = fittedMmPerPixel(reference, plane, rectangle.width, rectangle.height) / zoom;
    const pan = add(scale(plane.right, panMm[0]), scale(plane.up, panMm[1]));
    const projection: Projection = {
      width: rectangle.width,
      height: rectangle.height,
      centre: add(onSlice(reference, plane, gridCentre(reference), slice), pan),
      right: plane.right,
      up: plane.up,
      mmPerPixel,
    };
    const isCompared =
      compare.mode !== 'side' && (viewer.layout === 'planes' || spec.image === compare.pair[1]);
    const layers = composeLayers({
      base: image(spec.image),
      compared: isCompared
        ? { first: image(compare.pair[0]), second: image(compare.pair[1]), how: comparison() }
        : null,
      overlay: overlay.layer ? { ...overlay.layer, opacity: overlay.opacity } : null,
      smooth: viewer.smooth,
      widthMm: rectangle.width * mmPerPixel,
      heightMm: rectangle.height * mmPerPixel,
      panMm,
    });
    return { spec, plane, slice, rectangle, projection, layers, pair: isCompared ? compare.pair : null };
  }
}

function image(name: ImageName): GreyImage {
  return { volume: name === 'ct' ? nudge.ct : study.shown(name), window: viewer.windowOf(name) };
}

function comparison(): Comparison {
  if (compare.mode === 'checker') return { mode: 'checker', sizeMm: compare.checkMm };
  if (compare.mode === 'blend') return { mode: 'blend', share: compare.blend };
  if (compare.mode === 'blink') return { mode: 'blink', second: compare.second };
  if (compare.mode === 'difference') {
    const volume = differences.of(compare.pair[1], compare.pair[0]);
    const within = gridOf(study.volumes[compare.pair[0]]);
    return { mode: 'difference', volume, range: volume?.unit === 'signal' ? 100 : overlay.rangeHu, within };
  }
  return { mode: 'wipe', share: compare.wipe };
}

/** From where to where a share of a length reaches, with a line before the next one. */
function span(length: number, from: number, to: number): readonly [number, number] {
  const whole = length + LINE_PIXELS;
  return [Math.round(from * whole), Math.round(to * whole) - LINE_PIXELS];
}

export const viewports = new Viewports();
