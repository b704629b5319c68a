/** Keeps the scene of the slices alive: made with its container, made again when the graphics card lost it or another study opens. */
import { SliceScene } from '../vtk/sliceScene.ts';
import { SliceUploads } from '../vtk/sliceUploads.ts';
import type { SliceView } from '../vtk/sliceView.ts';
import { study } from './study.svelte.ts';

/** How long the browser may take to give a lost context back before a new one is asked for, ms. */
const RESTORE_MS = 1500;

export type StageStatus = 'drawing' | 'lost' | 'unavailable';

export class SliceStage {
  status = $state<StageStatus>('drawing');
  #scene: SliceScene | null = null;
  #views: readonly SliceView[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #container: HTMLElement;
  readonly #uploads: SliceUploads;
  readonly #stopHearing: () => void;

  constructor(container: HTMLElement) {
    this.#container = container;
    this.#uploads = new SliceUploads((volume, from, to) => this.#scene?.update(volume, from, to));
    this.#stopHearing = study.onSlices((volume, from, to) => this.#uploads.add(volume, from, to));
    this.restart();
  }

  get canvas(): HTMLCanvasElement | null {
    return this.#scene?.canvas ?? null;
  }

  show(views: readonly SliceView[]): void {
    this.#views = views;
    this.#scene?.show(views);
  }

  /** Throws away everything that lies on the graphics card and begins anew. */
  restart(): void {
    clearTimeout(this.#timer);
    this.#scene?.dispose();
    this.#scene = null;
    try {
      const scene = new SliceScene(this.#container);
      scene.canvas.addEventListener('webglcontextlost', () => this.#lost(scene), { once: true });
      this.#scene = scene;
      this.status = 'drawing';
      scene.show(this.#views);
    } catch {
      this.status = 'unavailable';
    }
  }

  statistics(): ReturnType<SliceScene['statistics']> | null {
    return this.#scene?.statistics() ?? null;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#stopHearing();
    this.#uploads.dispose();
    this.#scene?.dispose();
    this.#scene = null;
  }

  #lost(scene: SliceScene): void {
    if (scene !== this.#scene) return;
    this.status = 'lost';
    scene.canvas.addEventListener('webglcontextrestored', () => this.restart(), { once: true });
    this.#timer = setTimeout(() => this.restart(), RESTORE_MS);
  }
}
