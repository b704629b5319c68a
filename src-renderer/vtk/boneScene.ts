/**
 * The bone desk's pictures in one WebGL context: one canvas, one vtk.js renderer per side. `show` draws what it is given on the next
 * frame; meshes and volumes that are no longer given are let go. The canvas is transparent where there is no bone.
 */
import '@kitware/vtk.js/Rendering/OpenGL/Actor.js';
import '@kitware/vtk.js/Rendering/OpenGL/Camera.js';
import '@kitware/vtk.js/Rendering/OpenGL/PolyDataMapper.js';
import vtkOpenGLRenderWindow from '@kitware/vtk.js/Rendering/OpenGL/RenderWindow.js';
import '@kitware/vtk.js/Rendering/OpenGL/Renderer.js';
import '@kitware/vtk.js/Rendering/OpenGL/Volume.js';
import '@kitware/vtk.js/Rendering/OpenGL/VolumeMapper.js';
import vtkRenderer from '@kitware/vtk.js/Rendering/Core/Renderer.js';
import vtkRenderWindow from '@kitware/vtk.js/Rendering/Core/RenderWindow.js';
import vtkRenderWindowInteractor from '@kitware/vtk.js/Rendering/Core/RenderWindowInteractor.js';
import { scale, subtract } from '../lib/geometry.ts';
import type { LoadedVolume } from '../lib/volume.ts';
import type { BonePane } from './bonePane.ts';
import { BoneSurfaceActor } from './boneSurfaceActor.ts';
import { BoneVolumeActor } from './boneVolumeActor.ts';
import { SliceImages } from './sliceImages.ts';

/** Distance of the (parallel) camera from its focal point, mm: in front of every bone. */
const cameraMm = 2000;

interface Slot {
  readonly renderer: vtkRenderer;
  readonly surface: BoneSurfaceActor;
  /** Only while rays are drawn: it holds a texture of the whole volume. */
  volume: BoneVolumeActor | null;
}

export class BoneScene {
  readonly canvas: HTMLCanvasElement;
  /** Without a graphics card the browser draws on the processor, where every picture element counts. */
  readonly drawnBy: 'card' | 'processor';
  readonly #container: HTMLElement;
  readonly #window = vtkRenderWindow.newInstance();
  readonly #view = vtkOpenGLRenderWindow.newInstance();
  /** Hears nothing; the volume mapper asks one whether it is animating. */
  readonly #interactor = vtkRenderWindowInteractor.newInstance();
  readonly #images = new SliceImages();
  readonly #slots: Slot[] = [];
  #panes: readonly BonePane[] = [];
  #frame = 0;
  /** Picture elements per CSS pixel; lower while rays are drawn for a moving camera. */
  #sharpness = 1;
  #disposed = false;

  /** Throws when the browser gives no WebGL 2 context. */
  constructor(container: HTMLElement) {
    const canvas = this.#view.getCanvas();
    const wanted = {
      alpha: true,
      depth: true,
      antialias: true,
      powerPreference: 'high-performance',
    } as const;
    const context = canvas?.getContext('webgl2', wanted);
    if (!canvas || !(context instanceof WebGL2RenderingContext)) {
      this.#view.delete();
      throw new Error('WebGL 2 is not available.');
    }
    this.canvas = canvas;
    this.drawnBy = drawnBy(context);
    this.#container = container;
    this.#window.addView(this.#view);
    this.#interactor.setView(this.#view);
    this.#window.setInteractor(this.#interactor);
    this.#view.setContainer(container);
  }

  show(panes: readonly BonePane[], sharpness = 1): void {
    this.#panes = panes;
    this.#sharpness = sharpness;
    if (this.#disposed || this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  /** What was given last. */
  get panes(): readonly BonePane[] {
    return this.#panes;
  }

  /** Draws now, so that the canvas can be copied before the browser clears it. */
  drawNow(): void {
    if (!this.#disposed) this.#draw();
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    cancelAnimationFrame(this.#frame);
    const context = this.canvas.getContext('webgl2');
    for (const slot of this.#slots) this.#take(slot);
    this.#images.keep(new Set());
    this.#window.removeView(this.#view);
    this.#interactor.delete();
    this.#view.delete();
    this.#window.delete();
    // Browsers hold few contexts: this one is given back now, not when the garbage collector comes by.
    context?.getExtension('WEBGL_lose_context')?.loseContext();
  }

  #draw(): void {
    const { width, height } = this.#container.getBoundingClientRect();
    if (width < 1 || height < 1) return;
    const ratio = this.#sharpness * Math.min(2, window.devicePixelRatio);
    this.#view.setSize(Math.round(width * ratio), Math.round(height * ratio));
    this.#panes.forEach((pane, at) => {
      const slot = this.#slots[at] ?? this.#addSlot();
      this.#place(slot.renderer, pane, width, height);
      slot.surface.show(pane.surface, pane.clip);
      this.#showVolume(slot, pane);
    });
    for (const slot of this.#slots.splice(this.#panes.length)) this.#take(slot);
    this.#images.keep(this.#wanted());
    // Not `window.render()`: that asks the interactor, which draws only while it is bound to the page.
    this.#view.traverseAllPasses();
  }

  #place(renderer: vtkRenderer, { rectangle, camera }: BonePane, width: number, height: number): void {
    const { left, top, width: w, height: h } = rectangle;
    renderer.setViewport(left / width, 1 - (top + h) / height, (left + w) / width, 1 - top / height);
    const view = renderer.getActiveCamera();
    view.setParallelProjection(true);
    view.setParallelScale(camera.heightMm / 2);
    view.setFocalPoint(...camera.focal);
    view.setPosition(...subtract(camera.focal, scale(camera.direction, cameraMm)));
    view.setViewUp(...camera.up);
    view.setClippingRange(1, 2 * cameraMm);
  }

  #showVolume(slot: Slot, { volume, clip }: BonePane): void {
    if (slot.volume && slot.volume.volume !== volume?.volume) {
      slot.renderer.removeViewProp(slot.volume.actor);
      slot.volume.dispose();
      slot.volume = null;
    }
    if (!volume) return;
    slot.volume ??= new BoneVolumeActor(volume.volume, this.#images, this.drawnBy);
    slot.renderer.addViewProp(slot.volume.actor);
    slot.volume.show(volume, clip);
  }

  /** Volumes drawn by rays; a side that shows a surface lets go of its texture. */
  #wanted(): ReadonlySet<LoadedVolume> {
    return new Set(this.#panes.flatMap(({ volume }) => (volume ? [volume.volume] : [])));
  }

  #addSlot(): Slot {
    const renderer = vtkRenderer.newInstance({ background: [0, 0, 0] });
    renderer.setBackground([0, 0, 0, 0]);
    const slot: Slot = { renderer, surface: new BoneSurfaceActor(), volume: null };
    this.#window.addRenderer(renderer);
    renderer.addViewProp(slot.surface.actor);
    this.#slots.push(slot);
    return slot;
  }

  #take({ renderer, surface, volume }: Slot): void {
    this.#window.removeRenderer(renderer);
    surface.dispose();
    volume?.dispose();
    renderer.delete();
  }
}

function drawnBy(context: WebGL2RenderingContext): 'card' | 'processor' {
  const names = context.getExtension('WEBGL_debug_renderer_info');
  const name: unknown = context.getParameter(names ? names.UNMASKED_RENDERER_WEBGL : context.RENDERER);
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(String(name)) ? 'processor' : 'card';
}
