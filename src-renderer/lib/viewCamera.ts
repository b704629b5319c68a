/** Zoom and pan of a plane: shared by all viewports of that plane, so that volumes side by side show the same place. */
import type { GridBody } from '../../src-main/api/contract/volumes.ts';
import { affineOf, applyAffine, dot, gridCentre, subtract, type Vector3 } from './geometry.ts';
import type { ViewPlane } from './viewPlane.ts';

export interface ViewCamera {
  /** 1 fits the reference volume into the viewport. */
  readonly zoom: number;
  /** What is in the middle, mm right of and above the reference volume's centre. */
  readonly panMm: readonly [right: number, up: number];
}

export const FITTED: ViewCamera = { zoom: 1, panMm: [0, 0] };

const SMALLEST_ZOOM = 0.25;
const LARGEST_ZOOM = 40;
/** Share of the viewport that a fitted volume may take: room for letters, rail and scale bar. */
const FIT = 0.9;

/** mm per CSS pixel at zoom 1. */
export function fittedMmPerPixel(grid: GridBody, plane: ViewPlane, width: number, height: number): number {
  const centre = gridCentre(grid);
  const affine = affineOf(grid);
  const [nx, ny, nz] = grid.size;
  let [halfWidth, halfHeight] = [1, 1];
  for (const i of [-0.5, nx - 0.5])
    for (const j of [-0.5, ny - 0.5])
      for (const k of [-0.5, nz - 0.5]) {
        const from: Vector3 = subtract(applyAffine(affine, [i, j, k]), centre);
        halfWidth = Math.max(halfWidth, Math.abs(dot(from, plane.right)));
        halfHeight = Math.max(halfHeight, Math.abs(dot(from, plane.up)));
      }
  return Math.max((2 * halfWidth) / (width * FIT), (2 * halfHeight) / (height * FIT));
}

/** The camera after zooming by `factor` about a point `at` (mm right of and above the middle of the viewport), which stays put. */
export function zoomedAbout(camera: ViewCamera, factor: number, at: readonly [number, number]): ViewCamera {
  const zoom = Math.min(LARGEST_ZOOM, Math.max(SMALLEST_ZOOM, camera.zoom * factor));
  const kept = 1 - camera.zoom / zoom;
  return { zoom, panMm: [camera.panMm[0] + at[0] * kept, camera.panMm[1] + at[1] * kept] };
}
