/** The cameras of the bone desk's sides: one for all while they are linked. */
import {
  cameraFor,
  facing,
  fitted,
  orbited,
  panned,
  zoomed,
  type BoneCamera,
  type Bounds,
  type CameraView,
} from '../lib/meshCamera.ts';
import type { Vector3 } from '../lib/geometry.ts';

/** A picture of a spot shows this much around it, mm. */
const spotHeightMm = 120;

export class BoneCameras {
  linked = $state(true);
  #all = $state.raw<readonly BoneCamera[]>([]);
  /** Width over height of one side's picture. */
  #aspect = 1;
  #bounds: Bounds | null = null;

  /** The camera of side `at`; null before there was anything to see. */
  of(at: number): BoneCamera | null {
    return this.#all[at] ?? this.#all[0] ?? null;
  }

  /** The first bone of a study is looked at from the front. */
  begin(bounds: Bounds): void {
    this.#bounds = bounds;
    if (this.#all.length === 0) this.view('anterior');
  }

  forget(): void {
    this.#all = [];
    this.#bounds = null;
  }

  set aspect(aspect: number) {
    this.#aspect = aspect;
  }

  /** All sides from one direction, all of the bone in the picture. */
  view(view: CameraView): void {
    if (this.#bounds) this.#all = [cameraFor(view, this.#bounds, this.#aspect)];
  }

  /** All of the bone in the picture, as it is turned now. */
  fit(): void {
    const bounds = this.#bounds;
    if (bounds) this.#all = this.#all.map((camera) => fitted(camera, bounds, this.#aspect));
  }

  goTo(spot: Vector3, normal: Vector3): void {
    this.#all = this.#all.slice(0, 1).map((camera) => facing(camera, spot, normal, spotHeightMm));
  }

  toggleLinked(): void {
    this.linked = !this.linked;
    // Linking brings all to where the first looks.
    if (this.linked) this.#all = this.#all.slice(0, 1);
  }

  orbit(at: number, rightRadians: number, downRadians: number): void {
    this.#move(at, (camera) => orbited(camera, rightRadians, downRadians));
  }

  pan(at: number, rightMm: number, downMm: number): void {
    this.#move(at, (camera) => panned(camera, rightMm, downMm));
  }

  /** `rightMm`, `aboveMm`: the point of the picture that stays where it is. */
  zoom(at: number, factor: number, rightMm = 0, aboveMm = 0): void {
    this.#move(at, (camera) => {
      const nearer = zoomed(camera, factor);
      const share = 1 - nearer.heightMm / camera.heightMm;
      return panned(nearer, -rightMm * share, aboveMm * share);
    });
  }

  #move(at: number, change: (camera: BoneCamera) => BoneCamera): void {
    const camera = this.of(at);
    if (!camera) return;
    if (this.linked) this.#all = [change(camera)];
    else {
      const all = Array.from({ length: Math.max(this.#all.length, at + 1) }, (_, n) => this.of(n) ?? camera);
      this.#all = all.with(at, change(camera));
    }
  }
}
