/** The bone worker's tasks on the volumes it holds: plain functions of steps, so that they run in tests without a worker. */
import { spacingOf } from '../lib/geometry.ts';
import { compareBone } from '../lib/meshAgreement.ts';
import { boneOnGrid } from '../lib/meshMask.ts';
import { farMm, indexSurface } from '../lib/meshNearest.ts';
import { pickBone } from '../lib/meshPick.ts';
import { findSpots, worstSpots } from '../lib/meshSpots.ts';
import type { Mesh, Steps } from '../lib/meshTypes.ts';
import type { BoneRequest, BoneResults, BoneSpot, CompareRequest, CompareResult } from './boneProtocol.ts';
import { BoneSide } from './boneSide.ts';

/** A difference worth listing: beyond the usual voxel and the registration of a good pair. */
const spotLimitMm = 2;
const leastSpotMm2 = 15;
const spotsListed = 5;
const spotsApartMm = 15;
/** Points between two chances to stop. */
const pointsPerStep = 20_000;

export class BoneTasks {
  readonly #sides = new Map<string, BoneSide>();

  *run(request: BoneRequest): Steps<BoneResults[keyof BoneResults]> {
    switch (request.kind) {
      case 'load': {
        const side = new BoneSide(request);
        this.#sides.set(request.side, side);
        return { histogram: side.histogram() };
      }
      case 'surface': {
        const side = this.#side(request.side);
        return yield* request.detail === 'preview' ? side.preview(request) : side.fine(request);
      }
      case 'compare':
        return yield* this.#compare(request);
      case 'pick': {
        const side = this.#side(request.side);
        const within = yield* side.full.within(request);
        return pickBone(side.volume, request.ray, { ...request, within });
      }
    }
  }

  *#compare(request: CompareRequest): Steps<CompareResult> {
    const [reference, side] = [this.#side(request.reference), this.#side(request.side)];
    const { mesh: there } = yield* reference.fineMesh(request);
    const { mesh: here } = yield* side.fineMesh(request);
    const distancesMm = yield* distances(here, there);
    const referenceDistancesMm = yield* distances(there, here);
    const grid = reference.volume;
    const { body } = reference.full;
    const ctBone = yield* boneOnGrid(reference.volume, grid, request.thresholdHu, body);
    const sctBone = yield* boneOnGrid(side.volume, grid, request.thresholdHu, body);
    const agreement = yield* compareBone(ctBone, sctBone, grid.size, spacingOf(grid));
    const rules = { limitMm: spotLimitMm, leastAreaMm2: leastSpotMm2, grid };
    const found: BoneSpot[] = [
      ...findSpots(here, distancesMm, rules).map((spot): BoneSpot => ({
        ...spot,
        side: request.side,
        failure: spot.distanceMm > 0 ? 'extra' : 'missing',
      })),
      ...findSpots(there, referenceDistancesMm, rules).map((spot): BoneSpot => ({
        ...spot,
        side: request.reference,
        failure: spot.distanceMm > 0 ? 'missing' : 'extra',
      })),
    ];
    const spots = worstSpots(found, spotsListed, spotsApartMm);
    return { distancesMm, referenceDistancesMm, agreement, spots };
  }

  #side(name: string): BoneSide {
    const side = this.#sides.get(name);
    if (!side) throw new RangeError(`No volume was loaded as ${name}.`);
    return side;
  }
}

/** Signed distances of all points of `mesh` to `other`, mm; `farMm` where the other has no surface at all. */
function* distances(mesh: Mesh, other: Mesh): Steps<Float32Array<ArrayBuffer>> {
  const out = new Float32Array(mesh.points.length / 3);
  if (other.triangles.length === 0) return out.fill(farMm);
  const index = indexSurface(other);
  yield 0;
  for (let point = 0; point < out.length; point++) {
    out[point] = index.signedDistance(mesh.points, 3 * point);
    if (point % pointsPerStep === 0) yield point / out.length;
  }
  return out;
}
