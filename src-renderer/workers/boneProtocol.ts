/** What the window asks of the bone worker and what it is told; large arrays are handed over, not copied. */
import type { Agreement } from '../lib/meshAgreement.ts';
import type { Vector3 } from '../lib/geometry.ts';
import type { ClipPlane, Ray } from '../lib/meshPick.ts';
import type { Spot } from '../lib/meshSpots.ts';
import type { Mesh } from '../lib/meshTypes.ts';
import type { LoadedVolume } from '../lib/volume.ts';

/** HU from the lowest to the highest threshold the desk offers: also the histogram's bounds. */
export const thresholdRangeHu = [150, 1200] as const;
export const histogramBins = 105;

export interface LoadRequest {
  readonly kind: 'load';
  /** The worker's own name for the volume. */
  readonly side: string;
  readonly volume: LoadedVolume;
  /** The body's outline: bone outside it (a couch) is left out. */
  readonly body: LoadedVolume | null;
}

export interface LoadResult {
  /** Voxels by HU inside the body, `histogramBins` steps over `thresholdRangeHu`. */
  readonly histogram: Uint32Array;
}

export interface SurfaceRequest {
  readonly kind: 'surface';
  readonly side: string;
  readonly thresholdHu: number;
  readonly largestOnly: boolean;
  /** `preview`: block means, for a threshold that is still moving. */
  readonly detail: 'preview' | 'fine';
}

export interface SurfaceResult {
  readonly mesh: Mesh;
  /** How free each point lies, 0…255. */
  readonly shade: Uint8Array<ArrayBuffer>;
  readonly detail: 'preview' | 'fine';
  readonly thresholdHu: number;
  /** Above 1: a fine mesh would have been too large, so blocks of that many voxels along the finest axis were used. */
  readonly blocks: number;
  /** How many triangles the fine mesh has or would have, by estimate. */
  readonly estimatedTriangles: number;
}

export interface CompareRequest {
  readonly kind: 'compare';
  readonly reference: string;
  readonly side: string;
  readonly thresholdHu: number;
  readonly largestOnly: boolean;
}

export interface BoneSpot extends Spot {
  /** `extra`: bone the reference lacks; `missing`: bone of the reference that is not there. */
  readonly failure: 'extra' | 'missing';
  /** The side whose surface it lies on. */
  readonly side: string;
}

export interface CompareResult {
  /** Signed distance in mm of the side's points to the reference's bone, in the order of its fine mesh. */
  readonly distancesMm: Float32Array<ArrayBuffer>;
  /** Signed distance in mm of the reference's points to the side's bone. */
  readonly referenceDistancesMm: Float32Array<ArrayBuffer>;
  readonly agreement: Agreement;
  readonly spots: readonly BoneSpot[];
}

export interface PickRequest {
  readonly kind: 'pick';
  readonly side: string;
  readonly ray: Ray;
  readonly thresholdHu: number;
  readonly largestOnly: boolean;
  readonly clip: ClipPlane | null;
}

export type BoneRequest = LoadRequest | SurfaceRequest | CompareRequest | PickRequest;

export interface BoneResults {
  load: LoadResult;
  surface: SurfaceResult;
  compare: CompareResult;
  /** LPS mm. */
  pick: Vector3 | null;
}

/** To the worker. */
export type BoneMessage =
  { readonly id: number; readonly request: BoneRequest } | { readonly id: number; readonly cancel: true };

/** From the worker; a cancelled request is answered by nothing. */
export type BoneAnswer =
  | { readonly id: number; readonly result: BoneResults[keyof BoneResults] }
  | { readonly id: number; readonly error: string };
