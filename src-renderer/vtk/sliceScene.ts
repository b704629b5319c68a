/**
 * All viewports of the desk in one WebGL context: one canvas behind the grid, one vtk.js renderer per viewport. A volume is
 * uploaded once, however many viewports show it. `show` draws what it is given on the next frame; nothing is kept elsewhere.
 */
import '@kitware/vtk.js/Rendering/OpenGL/Camera.js';
import '@kitware/vtk.js/Rendering/OpenGL/ImageResliceMapper.js';
import '@kitware/vtk.js/Rendering/OpenGL/ImageSlice.js';
import vtkOpenGLRenderWindow from '@kitware/vtk.js/Rendering/OpenGL/RenderWindow.js';
import '@kitware/vtk.js/Rendering/OpenGL/Renderer.js';
import vtkRenderer from '@kitware/vtk.js/Rendering/Core/Renderer.js';
import vtkRenderWindow from '@kitware/vtk.js/Rendering/Core/RenderWindow.js';
import type { Extent } from '@kitware/vtk.js/types';
import { add, cross, scale } from '../lib/geometry.ts';
import type { LoadedVolume } from '../lib/volume.ts';
import { SliceActor } from './sliceActor.ts';
import { SliceColours } from './sliceColours.ts';
import { SliceImages } from './sliceImages.ts';
import type { SliceView } from './sliceView.ts';

/** Distance of the (parallel) camera from the plane, mm: beyond every layer. */
const CAMERA_MM = 500;

/** What is drawn stays until it is drawn over, so that a frame draws only the viewports that have changed. */
const CONTEXT = {
  alpha: true,
  depth: true,
  powerPreference: 'high-performance',
  preserveDrawingBuffer: true,
} as const satisfies WebGLContextAttributes;

interface Slot {
  readonly renderer: vtkRenderer;
  readonly layers: SliceActor[];
  /** What it shows; null: to be drawn again whatever it is. */
  drawn: SliceView | null;
}

export class SliceScene {
  readonly canvas: HTMLCanvasElement;
  readonly #container: HTMLElement;
  readonly #window = vtkRenderWindow.newInstance();
  readonly #view = vtkOpenGLRenderWindow.newInstance();
  readonly #images = new SliceImages();
  readonly #colours = new SliceColours();
  readonly #slots: Slot[] = [];
  #frame = 0;
  #views: readonly SliceView[] = [];
  /** Sizes and places of what is on the canvas. */
  #places = '';
  #disposed = false;

  /** Throws when the browser gives no WebGL 2 context. */
  constructor(container: HTMLElement) {
    const canvas = this.#view.getCanvas();
    if (!canvas?.getContext('webgl2', CONTEXT)) {
      this.#view.delete();
      throw new Error('WebGL 2 is not available.');
    }
    this.canvas = canvas;
    this.#container = container;
    this.#window.addView(this.#view);
    this.#view.setContainer(container);
  }

  /** Draws these views on the next frame. */
  show(views: readonly SliceView[]): void {
    this.#views = views;
    this.#request();
  }

  /** Draws everything again on the next frame. */
  redraw(): void {
    for (const slot of this.#slots) slot.drawn = null;
    this.#request();
  }

  #request(): void {
    if (this.#disposed || this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  /** New voxels in slices `from` to `to` (exclusive) of a volume that is being shown go to the card; the rest stays there. */
  update(volume: LoadedVolume, from: number, to: number): void {
    const scalars = this.#images.known(volume)?.getPointData().getScalars();
    const texture = scalars && internals(this.#view).getGraphicsResourceForObject(scalars)?.oglObject;
    if (!texture) return;
    const [width, height, depth] = volume.size;
    const extent: Extent = [0, width - 1, 0, height - 1, from, to - 1];
    texture.create3DFilterableFromDataArray({
      width,
      height,
      depth,
      dataArray: scalars,
      updatedExtents: [extent],
    });
    for (const slot of this.#slots)
      if (slot.layers.some((layer) => layer.volume === volume)) slot.drawn = null;
    this.#request();
  }

  /** What the scene holds; a second study must not raise it. */
  statistics(): { readonly images: number; readonly textureBytes: number; readonly layers: number } {
    return {
      images: this.#images.size,
      textureBytes: this.#view.getGraphicsMemoryInfo(),
      layers: this.#slots.reduce((sum, { layers }) => sum + layers.length, 0),
    };
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    cancelAnimationFrame(this.#frame);
    const context = this.canvas.getContext('webgl2');
    internals(this.#view).releaseGraphicsResources();
    for (const { renderer, layers } of this.#slots) {
      this.#window.removeRenderer(renderer);
      for (const layer of layers) layer.dispose();
      renderer.delete();
    }
    this.#images.keep(new Set());
    this.#colours.dispose();
    this.#window.removeView(this.#view);
    this.#view.delete();
    this.#window.delete();
    // Browsers hold few contexts: this one is given back now, not when the garbage collector comes by.
    context?.getExtension('WEBGL_lose_context')?.loseContext();
  }

  #draw(): void {
    const { width, height } = this.#container.getBoundingClientRect();
    if (width < 1 || height < 1) return;
    const ratio = window.devicePixelRatio;
    const size: [number, number] = [Math.round(width * ratio), Math.round(height * ratio)];
    this.#view.setSize(size);
    const places = JSON.stringify([size, this.#views.map(({ rectangle }) => rectangle)]);
    if (places !== this.#places) this.#wipe();
    this.#places = places;
    this.#views.forEach((view, at) => {
      const slot = this.#slots[at] ?? this.#addSlot();
      const changed = slot.drawn === null || !sameView(slot.drawn, view);
      slot.renderer.setDraw(changed);
      if (!changed) return;
      slot.drawn = view;
      this.#place(slot.renderer, view, width, height);
      view.layers.forEach((layer, order) => {
        const actor = slot.layers[order] ?? this.#addLayer(slot, order);
        actor.show(layer, view, this.#images, this.#colours);
      });
      for (const actor of slot.layers.slice(view.layers.length)) actor.hide();
    });
    for (const slot of this.#slots.slice(this.#views.length)) {
      slot.drawn = null;
      slot.renderer.setDraw(false);
      for (const layer of slot.layers) layer.hide();
    }
    this.#letGo();
    this.#window.render();
  }

  /** Empties the canvas: where viewports move, the lines between them must not show what was there before. */
  #wipe(): void {
    // Through vtk's own proxy, which remembers what is switched on.
    const gl = this.#view.get3DContext(CONTEXT);
    gl?.disable(gl.SCISSOR_TEST);
    gl?.clearColor(0, 0, 0, 0);
    gl?.clear(gl.COLOR_BUFFER_BIT);
    for (const slot of this.#slots) slot.drawn = null;
  }

  #place(renderer: vtkRenderer, view: SliceView, width: number, height: number): void {
    const { left, top, width: w, height: h } = view.rectangle;
    renderer.setViewport(left / width, 1 - (top + h) / height, (left + w) / width, 1 - top / height);
    const camera = renderer.getActiveCamera();
    const eye = add(view.centre, scale(cross(view.right, view.up), CAMERA_MM));
    camera.setParallelProjection(true);
    camera.setParallelScale((h * view.mmPerPixel) / 2);
    camera.setFocalPoint(view.centre[0], view.centre[1], view.centre[2]);
    camera.setPosition(eye[0], eye[1], eye[2]);
    camera.setViewUp(view.up[0], view.up[1], view.up[2]);
    camera.setClippingRange(1, 2 * CAMERA_MM);
  }

  #addSlot(): Slot {
    const renderer = vtkRenderer.newInstance({ background: [0, 0, 0], automaticLightCreation: false });
    this.#window.addRenderer(renderer);
    const slot: Slot = { renderer, layers: [], drawn: null };
    this.#slots.push(slot);
    return slot;
  }

  #addLayer(slot: Slot, order: number): SliceActor {
    const layer = new SliceActor(order);
    slot.layers.push(layer);
    slot.renderer.addViewProp(layer.actor);
    return layer;
  }

  /** Hidden layers that still hold a volume nobody shows are taken down, so that its texture and array can go. */
  #letGo(): void {
    const wanted = new Set(this.#views.flatMap(({ layers }) => layers.map(({ volume }) => volume)));
    for (const slot of this.#slots) {
      // Layers in use come first, so what nobody wants is at the end.
      const first = slot.layers.findIndex(({ volume }) => volume !== null && !wanted.has(volume));
      if (first < 0) continue;
      for (const layer of slot.layers.splice(first)) {
        slot.renderer.removeViewProp(layer.actor);
        layer.dispose();
      }
    }
    this.#images.keep(wanted);
  }
}

/** Whether two views look the same: all numbers equal, the same volumes. */
function sameView(a: SliceView, b: SliceView): boolean {
  if (
    a.layers.length !== b.layers.length ||
    a.layers.some(({ volume }, at) => volume !== b.layers[at]?.volume)
  ) {
    return false;
  }
  const plain = ({ layers, ...place }: SliceView): string =>
    JSON.stringify([place, layers.map((layer) => ({ ...layer, volume: null }))]);
  return plain(a) === plain(b);
}

interface VolumeTexture {
  create3DFilterableFromDataArray(what: {
    width: number;
    height: number;
    depth: number;
    dataArray: unknown;
    updatedExtents: Extent[];
  }): boolean;
}

/** Calls of the render window that vtk.js has and its types do not name. */
interface WindowInternals {
  getGraphicsResourceForObject(of: unknown): { readonly oglObject?: VolumeTexture } | undefined;
  releaseGraphicsResources(): void;
}

function internals(view: vtkOpenGLRenderWindow): WindowInternals {
  return view as unknown as WindowInternals;
}
