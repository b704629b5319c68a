/** How the open study is looked at: layout, the view in front, zoom, windows, the tool in hand. Knows nothing of components. */
import { FITTED, zoomedAbout, type ViewCamera } from '../lib/viewCamera.ts';
import {
  onSlice,
  PLANE_NAMES,
  sliceAt,
  viewPlanes,
  type PlaneName,
  type ViewPlane,
} from '../lib/viewPlane.ts';
import { automaticWindow, HU_PRESETS, type GreyWindow, type HuPreset } from '../lib/windowing.ts';
import type { MeasurementKind } from '../lib/measurements.ts';
import { cursor } from './cursor.svelte.ts';
import { study } from './study.svelte.ts';

export const LAYOUTS = ['volumes', 'planes', 'grid'] as const;
export type Layout = (typeof LAYOUTS)[number];
export const IMAGE_NAMES = ['mr', 'ct', 'sct'] as const;
export type ImageName = (typeof IMAGE_NAMES)[number];
export type Tool = 'cursor' | MeasurementKind;

export interface ViewSpec {
  readonly id: string;
  readonly image: ImageName;
  readonly plane: PlaneName;
}

/** A viewport's place, shares of the width and height of all: left, top, right, bottom. */
export type ViewArea = readonly [left: number, top: number, right: number, bottom: number];

export interface AreaView {
  readonly spec: ViewSpec;
  readonly area: ViewArea;
}

const ROWS: Readonly<Record<'volumes' | 'grid', readonly PlaneName[]>> = {
  volumes: ['axial', 'coronal'],
  grid: ['axial', 'coronal', 'sagittal'],
};

/** Three planes of one image: the axial one, which is read most, has the most room. */
const PLANE_AREAS: Readonly<Record<PlaneName, ViewArea>> = {
  axial: [0, 0, 0.6, 1],
  coronal: [0.6, 0, 1, 0.5],
  sagittal: [0.6, 0.5, 1, 1],
};
const WHOLE: ViewArea = [0, 0, 1, 1];

class Viewer {
  layout = $state<Layout>('volumes');
  /** The image of the three-planes layout. */
  planesImage = $state<ImageName>('mr');
  activeId = $state('mr-axial');
  maximised = $state(false);
  smooth = $state(true);
  crosshair = $state(true);
  tool = $state<Tool>('cursor');
  cameras = $state.raw<Readonly<Partial<Record<PlaneName, ViewCamera>>>>({});
  /** CT and sCT share theirs. */
  huWindow = $state.raw<GreyWindow>(HU_PRESETS.bone);
  /** Null: automatic. A change by hand stays until automatic is asked for. */
  mrManual = $state.raw<GreyWindow | null>(null);

  readonly planes: Readonly<Record<PlaneName, ViewPlane>> | null = $derived(
    study.reference ? viewPlanes(study.reference) : null,
  );
  /** Images the case has or could have: an sCT can be made wherever there is an MR. */
  readonly images: readonly ImageName[] = $derived(
    IMAGE_NAMES.filter((name) =>
      name === 'sct' ? study.detail?.mr !== null || study.sctId !== null : Boolean(study.detail?.[name]),
    ),
  );
  /** The viewports of the layout, in reading order. */
  readonly views: readonly AreaView[] = $derived.by(() => {
    const view = (image: ImageName, plane: PlaneName): ViewSpec => ({
      id: `${image}-${plane}`,
      image,
      plane,
    });
    if (this.layout === 'planes') {
      const image = this.images.includes(this.planesImage) ? this.planesImage : (this.images[0] ?? 'mr');
      return PLANE_NAMES.map((plane) => ({ spec: view(image, plane), area: PLANE_AREAS[plane] }));
    }
    const rows = ROWS[this.layout];
    const [width, height] = [1 / this.images.length, 1 / rows.length];
    return rows.flatMap((plane, row) =>
      this.images.map((image, column) => ({
        spec: view(image, plane),
        area: [column * width, row * height, (column + 1) * width, (row + 1) * height] as const,
      })),
    );
  });
  readonly active: ViewSpec = $derived(
    this.views.find(({ spec }) => spec.id === this.activeId)?.spec ??
      this.views[0]?.spec ?? { id: 'mr-axial', image: 'mr', plane: 'axial' },
  );
  /** What is on screen: all views, or the maximised one alone. */
  readonly shownViews: readonly AreaView[] = $derived(
    this.maximised ? [{ spec: this.active, area: WHOLE }] : this.views,
  );
  readonly mrWindow: GreyWindow = $derived(
    this.mrManual ?? automaticWindow(study.shown('mr')?.typicalRange ?? [0, 1]),
  );
  readonly huPreset: HuPreset | null = $derived(
    (Object.keys(HU_PRESETS) as HuPreset[]).find(
      (name) =>
        HU_PRESETS[name].width === this.huWindow.width && HU_PRESETS[name].level === this.huWindow.level,
    ) ?? null,
  );

  windowOf(image: ImageName): GreyWindow {
    return image === 'mr' ? this.mrWindow : this.huWindow;
  }

  setWindow(image: ImageName, window: GreyWindow): void {
    if (image === 'mr') this.mrManual = window;
    else this.huWindow = window;
  }

  camera(plane: PlaneName): ViewCamera {
    return this.cameras[plane] ?? FITTED;
  }

  setCamera(plane: PlaneName, camera: ViewCamera): void {
    this.cameras = { ...this.cameras, [plane]: camera };
  }

  /** Zooms a plane about a point, mm right of and above the middle of its viewports. */
  zoom(plane: PlaneName, factor: number, at: readonly [number, number] = [0, 0]): void {
    this.setCamera(plane, zoomedAbout(this.camera(plane), factor, at));
  }

  fitAll(): void {
    this.cameras = {};
  }

  /** The slice of a plane that goes through the cursor, from 0. */
  slice(plane: PlaneName): number {
    const { reference } = study;
    return reference && this.planes && cursor.lps ? sliceAt(reference, this.planes[plane], cursor.lps) : 0;
  }

  goToSlice(plane: PlaneName, slice: number): void {
    const { reference } = study;
    if (!reference || !this.planes || !cursor.lps) return;
    cursor.moveTo(onSlice(reference, this.planes[plane], cursor.lps, slice));
  }

  /** Goes `steps` slices towards the foot of the rail (inferior, posterior, left). */
  stepDown(plane: PlaneName, steps: number): void {
    const sign = this.planes?.[plane].railSign ?? 1;
    this.goToSlice(plane, this.slice(plane) - sign * steps);
  }

  /** Goes to the slice at the head or the foot of the rail. */
  goToEnd(plane: PlaneName, end: 'head' | 'foot'): void {
    const there = this.planes?.[plane];
    if (there) this.goToSlice(plane, (end === 'head') === there.railSign > 0 ? there.slices - 1 : 0);
  }

  nextLayout(): void {
    this.layout = LAYOUTS[(LAYOUTS.indexOf(this.layout) + 1) % LAYOUTS.length] ?? 'volumes';
    this.maximised = false;
  }

  toggleMaximised(id: string): void {
    this.activeId = id;
    this.maximised = !this.maximised;
  }

  /** What another study must not inherit. */
  forget(): void {
    this.cameras = {};
    this.mrManual = null;
    this.maximised = false;
  }
}

export const viewer = new Viewer();
