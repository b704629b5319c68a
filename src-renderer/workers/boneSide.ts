/** One volume in the worker: its full resolution, coarser copies made when asked for, and the fine mesh last made. */
import { coarseFactors, coarsen } from '../lib/meshCoarse.ts';
import { histogram } from '../lib/meshHistogram.ts';
import { estimateTriangles } from '../lib/meshIsosurface.ts';
import { smoothNormals } from '../lib/meshNormals.ts';
import { shadeMesh } from '../lib/meshShade.ts';
import type { Mesh, Steps } from '../lib/meshTypes.ts';
import type { LoadedVolume } from '../lib/volume.ts';
import { BoneLevel, type SurfaceRules } from './boneLevel.ts';
import { histogramBins, thresholdRangeHu, type LoadRequest, type SurfaceResult } from './boneProtocol.ts';

/** Voxels meshed while the threshold moves. */
const previewVoxels = 600_000;

/** Voxels that are enough to see where bone is buried. */
const shadeVoxels = 2_000_000;

/** Of the normals that are drawn. */
const smoothingRounds = 3;

/** Larger meshes stall a workstation's graphics card and make a file no one can use. */
const mostTriangles = 6_000_000;

interface FineMesh extends SurfaceRules {
  readonly mesh: Mesh;
  readonly estimatedTriangles: number;
  /** Voxels merged along the axis merged most; 1 at full resolution. */
  readonly blocks: number;
}

export class BoneSide {
  readonly volume: LoadedVolume;
  readonly full: BoneLevel;
  readonly #outline: LoadedVolume | null;
  readonly #coarse = new Map<string, BoneLevel>();
  #fine: FineMesh | null = null;

  constructor({ volume, body }: LoadRequest) {
    this.volume = volume;
    this.#outline = body;
    this.full = new BoneLevel(volume, body);
  }

  histogram(): Uint32Array {
    return histogram(this.volume.data, thresholdRangeHu, histogramBins, this.full.body);
  }

  *preview(rules: SurfaceRules): Steps<SurfaceResult> {
    const { level, blocks } = this.#coarseLevel(previewVoxels);
    const mesh = yield* level.mesh(rules);
    const shade = shadeMesh(mesh, level.volume, rules.thresholdHu);
    const { thresholdHu } = rules;
    return {
      mesh,
      shade,
      detail: 'preview',
      thresholdHu,
      blocks,
      estimatedTriangles: mesh.triangles.length / 3,
    };
  }

  *fine(rules: SurfaceRules): Steps<SurfaceResult> {
    const { mesh: exact, blocks, estimatedTriangles } = yield* this.fineMesh(rules);
    const mesh = { ...exact, normals: smoothNormals(exact, smoothingRounds) };
    const shade = shadeMesh(mesh, this.#coarseLevel(shadeVoxels).level.volume, rules.thresholdHu);
    return { mesh, shade, detail: 'fine', thresholdHu: rules.thresholdHu, blocks, estimatedTriangles };
  }

  /** Kept until other rules are asked for. A mesh that would be too large is made of larger voxels. */
  *fineMesh(rules: SurfaceRules): Steps<FineMesh> {
    const { thresholdHu, largestOnly } = rules;
    const kept = this.#fine;
    if (kept?.thresholdHu === thresholdHu && kept.largestOnly === largestOnly) return kept;
    const { volume, ranges } = this.full;
    const estimatedTriangles = estimateTriangles(volume, ranges, thresholdHu);
    // Triangles grow with the square of the resolution, voxels with its cube.
    const share = (mostTriangles / Math.max(estimatedTriangles, 1)) ** 1.5;
    const { level, blocks } =
      share >= 1 ? { level: this.full, blocks: 1 } : this.#coarseLevel(0.8 * share * volume.data.length);
    const mesh = yield* level.mesh(rules);
    this.#fine = { thresholdHu, largestOnly, mesh, blocks, estimatedTriangles };
    return this.#fine;
  }

  #coarseLevel(voxels: number): { level: BoneLevel; blocks: number } {
    const factors = coarseFactors(this.volume, voxels);
    const blocks = Math.max(...factors);
    if (blocks === 1) return { level: this.full, blocks };
    const key = factors.join();
    const level = this.#coarse.get(key) ?? new BoneLevel(coarsen(this.volume, factors), this.#outline);
    this.#coarse.set(key, level);
    return { level, blocks };
  }
}
