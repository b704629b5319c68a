/** One layer of a viewport: a volume cut by a plane of patient space and drawn on parts of that plane. */
import vtkPolyData from '@kitware/vtk.js/Common/DataModel/PolyData.js';
import vtkImageProperty from '@kitware/vtk.js/Rendering/Core/ImageProperty.js';
import vtkImageResliceMapper from '@kitware/vtk.js/Rendering/Core/ImageResliceMapper.js';
import vtkImageSlice from '@kitware/vtk.js/Rendering/Core/ImageSlice.js';
import { clipToGrid } from '../lib/clipToGrid.ts';
import { add, cross, scale, type Vector3 } from '../lib/geometry.ts';
import type { LoadedVolume } from '../lib/volume.ts';
import type { SliceColours } from './sliceColours.ts';
import type { SliceImages } from './sliceImages.ts';
import type { PlanePart, SliceLayer, SliceView } from './sliceView.ts';

/** Distance between layers towards the viewer, mm: moves what is drawn, not where the volume is read. */
const LAYER_GAP_MM = 1;

export class SliceActor {
  readonly actor = vtkImageSlice.newInstance();
  /** The volume whose texture this layer holds. */
  volume: LoadedVolume | null = null;
  readonly #mapper = vtkImageResliceMapper.newInstance();
  readonly #property = vtkImageProperty.newInstance();
  readonly #shape = vtkPolyData.newInstance();
  readonly #order: number;
  #drawn = '';

  constructor(order: number) {
    this.#mapper.setSlicePolyData(this.#shape);
    this.#mapper.setBackgroundColor([0, 0, 0, 0]);
    this.#mapper.setColorTextureWidth(1024);
    this.#mapper.setOpacityTextureWidth(256);
    this.#property.setUseLookupTableScalarRange(false);
    this.actor.setMapper(this.#mapper);
    this.actor.setProperty(0, this.#property);
    // Drawn in order with ordinary blending; vtk's order-independent pass would weigh layers instead of stacking them.
    this.actor.setForceOpaque(true);
    this.#order = order;
  }

  show(layer: SliceLayer, view: SliceView, images: SliceImages, colours: SliceColours): void {
    if (this.volume !== layer.volume) {
      this.#mapper.setInputData(images.of(layer.volume));
      this.volume = layer.volume;
    }
    const property = this.#property;
    property.setColorWindow(layer.window.width);
    property.setColorLevel(layer.window.level);
    property.setOpacity(layer.opacity);
    property.setRGBTransferFunction(0, colours.colours(layer.map));
    property.setPiecewiseFunction(0, colours.opacities(layer.map));
    if (layer.smooth) property.setInterpolationTypeToLinear();
    else property.setInterpolationTypeToNearest();
    this.#cut(view, layer.parts ?? [wholeView(view)], layer.within);
    const towards = scale(cross(view.right, view.up), this.#order * LAYER_GAP_MM);
    this.actor.setPosition(towards[0], towards[1], towards[2]);
    this.actor.setVisibility(this.#shape.getNumberOfPolys() > 0);
  }

  hide(): void {
    this.actor.setVisibility(false);
  }

  dispose(): void {
    this.actor.delete();
    this.#mapper.delete();
    this.#property.delete();
    this.#shape.delete();
  }

  #cut(view: SliceView, parts: readonly PlanePart[], within: SliceLayer['within']): void {
    const drawn = JSON.stringify([view.centre, view.right, view.up, parts, within]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const at = (x: number, y: number): Vector3 =>
      add(view.centre, add(scale(view.right, x), scale(view.up, y)));
    const polygons = parts.flatMap(({ left, right, bottom, top }) => {
      const corners = [at(left, bottom), at(right, bottom), at(right, top), at(left, top)];
      const polygon = within ? clipToGrid(corners, within) : corners;
      return polygon.length === 0 ? [] : [polygon];
    });
    let first = 0;
    const cells = polygons.flatMap(({ length }) => {
      const cell = [length, ...Array.from({ length }, (_, corner) => first + corner)];
      first += length;
      return cell;
    });
    this.#shape.getPoints().setData(Float64Array.from(polygons.flat(2)));
    this.#shape.getPolys().setData(Uint32Array.from(cells));
    this.#shape.modified();
  }
}

function wholeView({ rectangle, mmPerPixel }: SliceView): PlanePart {
  const [x, y] = [(rectangle.width * mmPerPixel) / 2, (rectangle.height * mmPerPixel) / 2];
  return { left: -x, right: x, bottom: -y, top: y };
}
