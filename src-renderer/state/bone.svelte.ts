/**
 * The bone desk: which volumes stand side by side, from which HU they are bone, and what was calculated of them.
 *
 * The worker is asked for a coarse surface while the threshold moves, one at a time and always the newest, and for the fine one
 * when it rests; the comparison with the CT follows that. Another study takes the worker with all it holds.
 */
import { client, isAbort } from '../lib/client.ts';
import { add, distance, dot, length, normalise, scale, type Vector3 } from '../lib/geometry.ts';
import type { Bounds } from '../lib/meshCamera.ts';
import type { Ray } from '../lib/meshPick.ts';
import type { LoadedVolume } from '../lib/volume.ts';
import { BoneClient, startBoneWorker, type BoneWorkerPort } from '../workers/boneClient.ts';
import { thresholdRangeHu, type BoneSpot, type CompareResult } from '../workers/boneProtocol.ts';
import { BoneCameras } from './boneCameras.svelte.ts';
import { BoneClip } from './boneClip.svelte.ts';
import { BoneLook, type BoneMode } from './boneLook.svelte.ts';
import { BoneSideState, type BoneTone } from './boneSide.svelte.ts';
import { notifyError } from './notices.svelte.ts';

/** From where a spot is looked at, mm, and how near to it the look must end. */
const eyeMm = 2000;
const seenMm = 3;

/** A volume to show, as the study has it. */
export interface BoneSource {
  /** `ct` or an sCT's id. */
  readonly id: string;
  readonly tone: BoneTone;
  readonly detail: string;
  readonly volume: LoadedVolume;
}

export class BoneDesk {
  thresholdHu = $state(250);
  largestOnly = $state(false);
  sides = $state.raw<readonly BoneSideState[]>([]);
  comparison = $state.raw<CompareResult | null>(null);
  comparing = $state(false);
  /** Another sCT beside the study's own. */
  second = $state.raw<{ readonly sctId: string; readonly volume: LoadedVolume } | null>(null);
  loadingSecond = $state(false);
  bounds = $state.raw<Bounds | null>(null);
  /** A side is being dragged. */
  moving = $state(false);
  /** The threshold is being moved. */
  dragging = $state(false);
  readonly look = new BoneLook();
  readonly cameras = new BoneCameras();
  readonly clip = new BoneClip();

  readonly reference = $derived(this.sides.find(({ tone }) => tone === 'ct') ?? null);
  readonly compared = $derived(this.sides.find(({ tone }) => tone === 'sct') ?? null);
  readonly refining = $derived(this.sides.some(({ refining }) => refining));

  readonly #startWorker: () => BoneWorkerPort;
  #worker: BoneClient | null = null;
  #caseId: string | null = null;
  #loads = 0;
  #fine = new AbortController();
  #previewing = false;
  #previewAgain = false;

  constructor(startWorker: () => BoneWorkerPort = startBoneWorker) {
    this.#startWorker = startWorker;
  }

  /** Shows these volumes of a case. Volumes that are shown already are kept, those of another case are let go at once. */
  async show(
    caseId: string | null,
    sources: readonly BoneSource[],
    body: LoadedVolume | null,
  ): Promise<void> {
    if (caseId !== this.#caseId) this.close();
    this.#caseId = caseId;
    const kept = sources.map((source) => this.sides.find(({ volume }) => volume === source.volume) ?? source);
    if (kept.length === this.sides.length && kept.every((side, at) => side === this.sides[at])) return;
    const worker = (this.#worker ??= new BoneClient(this.#startWorker()));
    const fresh: BoneSideState[] = [];
    this.sides = kept.map((source) => {
      if (source instanceof BoneSideState) return source;
      const side = new BoneSideState(
        `${source.id}#${String(++this.#loads)}`,
        source.tone,
        source.detail,
        source.volume,
        this.look,
      );
      fresh.push(side);
      return side;
    });
    this.comparison = null;
    try {
      for (const side of fresh) {
        side.refining = true;
        const { histogram } = await worker.ask<'load'>({
          kind: 'load',
          side: side.key,
          volume: side.volume,
          body,
        });
        side.histogram = histogram;
      }
      await this.rest();
    } catch (error) {
      if (!isAbort(error)) notifyError(error);
    }
  }

  /** Lets go of everything; the worker's memory goes with it. */
  close(): void {
    this.#fine.abort();
    this.#worker?.dispose();
    this.#worker = null;
    this.#caseId = null;
    this.sides = [];
    this.comparison = null;
    this.comparing = false;
    this.second = null;
    this.bounds = null;
    this.cameras.forget();
  }

  /** The threshold while it moves. */
  drag(thresholdHu: number): void {
    this.thresholdHu = Math.round(Math.min(thresholdRangeHu[1], Math.max(thresholdRangeHu[0], thresholdHu)));
    this.dragging = true;
    this.#fine.abort();
    if (this.look.mode !== 'volume') void this.#preview();
  }

  /** The threshold rests: the fine surfaces, then the comparison. */
  async rest(): Promise<void> {
    this.dragging = false;
    this.#fine.abort();
    const stop = new AbortController();
    this.#fine = stop;
    this.comparison = null;
    try {
      for (const side of this.sides) side.refining = true;
      for (const side of this.sides) await this.#refine(side, stop.signal);
      await this.#compare(stop.signal);
    } catch (error) {
      if (!isAbort(error)) notifyError(error);
    }
    if (this.#fine === stop) for (const side of this.sides) side.refining = false;
  }

  setThreshold(thresholdHu: number): void {
    this.drag(thresholdHu);
    void this.rest();
  }

  /** A surface that was not made while rays were drawn is made now. */
  setMode(mode: BoneMode): void {
    this.look.mode = mode;
    if (mode !== 'volume' && this.sides.some(({ surface }) => surface?.thresholdHu !== this.thresholdHu))
      void this.rest();
  }

  setLargestOnly(largestOnly: boolean): void {
    this.largestOnly = largestOnly;
    void this.rest();
  }

  /** The first bone on a ray into side `at`, LPS mm. */
  async pick(at: number, ray: Ray): Promise<Vector3 | null> {
    const side = this.sides[at];
    if (!side || !this.#worker) return null;
    const { thresholdHu, largestOnly } = this;
    const clip = this.bounds ? this.clip.plane(this.bounds) : null;
    try {
      return await this.#worker.ask<'pick'>({
        kind: 'pick',
        side: side.key,
        ray,
        thresholdHu,
        largestOnly,
        clip,
      });
    } catch (error) {
      if (!isAbort(error)) notifyError(error);
      return null;
    }
  }

  /** Turns the cameras to a spot, from a direction in which no other bone hides it. */
  async goTo({ lps, normal, side }: BoneSpot): Promise<void> {
    const at = this.sides.findIndex(({ key }) => key === side);
    for (const outward of directionsNear(normal)) {
      const ray = { origin: add(lps, scale(outward, eyeMm)), direction: scale(outward, -1) };
      const seen = await this.pick(at, ray);
      if (!seen || distance(seen, lps) > seenMm) continue;
      this.cameras.goTo(lps, outward);
      return;
    }
    this.cameras.goTo(lps, normal);
  }

  /** Puts another sCT of the case beside the study's; null takes it away. */
  async chooseSecond(sctId: string | null): Promise<void> {
    this.second = null;
    const caseId = this.#caseId;
    if (sctId === null || caseId === null) return;
    this.loadingSecond = true;
    try {
      const volume = await client.volume(caseId, sctId);
      if (this.#caseId === caseId) this.second = { sctId, volume };
    } catch (error) {
      notifyError(error);
    } finally {
      this.loadingSecond = false;
    }
  }

  async #preview(): Promise<void> {
    this.#previewAgain = true;
    if (this.#previewing) return;
    this.#previewing = true;
    try {
      while (this.#previewAgain && this.#worker) {
        this.#previewAgain = false;
        const { thresholdHu, largestOnly } = this;
        const worker = this.#worker;
        const ask = (side: BoneSideState) =>
          worker.ask<'surface'>({
            kind: 'surface',
            side: side.key,
            thresholdHu,
            largestOnly,
            detail: 'preview',
          });
        const { sides } = this;
        // The worker works while the last one is drawn, but not ahead of what can be seen.
        const [surfaces] = await Promise.all([Promise.all(sides.map(ask)), nextFrame()]);
        // A fine surface of this threshold may have come first.
        sides.forEach((side, at) => {
          const surface = surfaces[at];
          const newest = side.surface?.detail === 'fine' && side.surface.thresholdHu === this.thresholdHu;
          if (surface && !newest) side.takeSurface(surface);
        });
      }
    } catch (error) {
      if (!isAbort(error)) notifyError(error);
    } finally {
      this.#previewing = false;
    }
  }

  async #refine(side: BoneSideState, signal: AbortSignal): Promise<void> {
    const { thresholdHu, largestOnly } = this;
    const surface = await this.#worker?.ask<'surface'>(
      { kind: 'surface', side: side.key, thresholdHu, largestOnly, detail: 'fine' },
      signal,
    );
    if (!surface) return;
    side.takeSurface(surface);
    side.refining = false;
    if (side === this.sides[0] && surface.mesh.points.length > 0) {
      this.bounds = boundsOf(surface.mesh.points);
      this.cameras.begin(this.bounds);
    }
  }

  async #compare(signal: AbortSignal): Promise<void> {
    const { reference, compared, thresholdHu, largestOnly } = this;
    if (!reference || !compared || !this.#worker) return;
    this.comparing = true;
    try {
      for (const side of this.sides.filter(({ tone }) => tone === 'sct').toReversed()) {
        const result = await this.#worker.ask<'compare'>(
          { kind: 'compare', reference: reference.key, side: side.key, thresholdHu, largestOnly },
          signal,
        );
        side.takeDistances(result.distancesMm);
        if (side !== compared) continue;
        // Bone of the CT beyond the sCT's is bone the sCT lacks.
        reference.takeDistances(result.referenceDistancesMm.map((mm) => -mm));
        this.comparison = result;
      }
    } finally {
      this.comparing = false;
    }
  }
}

function nextFrame(): Promise<unknown> {
  return new Promise((drawn) => requestAnimationFrame(drawn));
}

/** The normal, then the axes and diagonals of the patient, those nearest to it first. */
function directionsNear(normal: Vector3): readonly Vector3[] {
  const steps = [-1, 0, 1];
  const around = steps
    .flatMap((x) => steps.flatMap((y) => steps.map((z): Vector3 => [x, y, z])))
    .filter((direction) => length(direction) > 0)
    .map(normalise);
  return [normalise(normal), ...around.toSorted((a, b) => dot(b, normal) - dot(a, normal))];
}

function boundsOf(points: Float32Array): Bounds {
  const low: [number, number, number] = [Infinity, Infinity, Infinity];
  const high: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  for (let at = 0; at < points.length; at += 3) {
    for (const axis of [0, 1, 2] as const) {
      const value = points[at + axis] ?? 0;
      if (value < low[axis]) low[axis] = value;
      if (value > high[axis]) high[axis] = value;
    }
  }
  return { low, high };
}

export const bone = new BoneDesk();
