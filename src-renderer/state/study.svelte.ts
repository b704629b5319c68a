/**
 * The images of the open case: what is loaded, what is on its way, how much memory it takes. Desks read volumes from here; a
 * second study lets go of the first before anything of it is asked for.
 */
import type { CaseDetail } from '../../src-main/api/contract/cases.ts';
import type { GridBody } from '../../src-main/api/contract/volumes.ts';
import { client, isAbort } from '../lib/client.ts';
import { affineOf, applyAffine, gridCentre, lpsToIndex, type Vector3 } from '../lib/geometry.ts';
import { sampleVolume } from '../lib/sampling.ts';
import { streamVolume, volumePath } from '../lib/streamVolume.ts';
import type { LoadedVolume } from '../lib/volume.ts';
import { cursor } from './cursor.svelte.ts';

export const VOLUME_NAMES = ['mr', 'ct', 'sct', 'weight', 'mask'] as const;
export type VolumeName = (typeof VOLUME_NAMES)[number];
type Volumes = Readonly<Partial<Record<VolumeName, LoadedVolume>>>;
type SliceListener = (volume: LoadedVolume, from: number, to: number) => void;

export interface StudyLoading {
  readonly name: VolumeName;
  /** Which of how many volumes, from 1. */
  readonly step: number;
  readonly steps: number;
  readonly slices: number;
  readonly totalSlices: number;
}

class Study {
  caseId = $state.raw<string | null>(null);
  detail = $state.raw<CaseDetail | null>(null);
  /** The sCT that is looked at. */
  sctId = $state.raw<string | null>(null);
  /** Whole volumes alone. */
  volumes = $state.raw<Volumes>({});
  /** Volumes whose slices are still coming (a download, or an sCT being made). */
  arriving = $state.raw<Volumes>({});
  loading = $state.raw<StudyLoading | null>(null);
  error = $state.raw<unknown>(null);
  /** Whether loading was given up by the person. */
  cancelled = $state(false);

  readonly memoryBytes = $derived(
    [...Object.values(this.volumes), ...Object.values(this.arriving)].reduce(
      (sum, { data }) => sum + data.byteLength,
      0,
    ),
  );
  /** The grid whose slices are shown: MR, else CT. Known before any voxel has come. */
  readonly reference: GridBody | null = $derived(this.detail?.mr ?? this.detail?.ct ?? null);

  #stop = new AbortController();
  readonly #listeners = new Set<SliceListener>();

  /** Opens a case unless it is open already; null closes. */
  follow(caseId: string | null): void {
    if (caseId === this.caseId) return;
    this.close();
    if (caseId !== null) void this.#open(caseId);
  }

  close(): void {
    this.#stop.abort();
    this.#stop = new AbortController();
    this.caseId = null;
    this.detail = null;
    this.sctId = null;
    this.volumes = {};
    this.arriving = {};
    this.loading = null;
    this.error = null;
    this.cancelled = false;
    cursor.detach();
  }

  /** Stops loading; what has come whole stays. */
  cancel(): void {
    this.cancelled = true;
    this.#stop.abort();
    this.#stop = new AbortController();
    this.arriving = {};
    this.loading = null;
  }

  /** Loads what is missing, after a cancel or an error. */
  async resume(): Promise<void> {
    this.cancelled = false;
    this.error = null;
    await this.#loadAll();
  }

  /** Reads the record again (an sCT was added or removed); keeps what is loaded. */
  async refresh(): Promise<void> {
    const { caseId } = this;
    if (caseId === null) return;
    try {
      const detail = await client.get<CaseDetail>(`/api/cases/${encodeURIComponent(caseId)}`);
      if (this.caseId !== caseId) return;
      this.#placeCt(detail);
      this.detail = detail;
      if (!detail.scts.some(({ sctId }) => sctId === this.sctId)) await this.chooseSct(newest(detail));
    } catch (error) {
      if (!isAbort(error)) this.error = error;
    }
  }

  /** Shows another sCT of the case; the one before is let go. */
  async chooseSct(sctId: string | null): Promise<void> {
    if (sctId === this.sctId && (sctId === null || this.volumes.sct)) return;
    this.sctId = sctId;
    this.volumes = without(this.volumes, 'sct');
    await this.#loadAll();
  }

  /** Loads the weight map or the body mask when it is first wanted. */
  async ensure(name: 'weight' | 'mask'): Promise<void> {
    const has = name === 'weight' ? this.detail?.hasWeight : this.detail?.hasMask;
    if (has && !this.volumes[name] && !this.arriving[name])
      await this.#guard(() => this.#load(name, name, 1, 1));
  }

  /** The volume as far as it has come. */
  shown(name: VolumeName): LoadedVolume | undefined {
    return this.arriving[name] ?? this.volumes[name];
  }

  /** The value of a volume at a point in LPS mm; null outside it or while it is not loaded. */
  sample(name: VolumeName, lps: Vector3): number | null {
    const volume = this.volumes[name];
    const value = volume ? sampleVolume(volume, lps) : null;
    // Weights are not known outside the model's field of view.
    return Number.isNaN(value) ? null : value;
  }

  /** Shows a volume that is being made; null takes it away. */
  preview(volume: LoadedVolume | null): void {
    this.arriving = volume ? { ...this.arriving, sct: volume } : without(this.arriving, 'sct');
  }

  /** Says that slices `from` to `to` (exclusive) of a volume have new voxels. */
  announce(volume: LoadedVolume, from: number, to: number): void {
    for (const listener of this.#listeners) listener(volume, from, to);
  }

  onSlices(listener: SliceListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #open(caseId: string): Promise<void> {
    this.caseId = caseId;
    await this.#guard(async (signal) => {
      const detail = await client.get<CaseDetail>(`/api/cases/${encodeURIComponent(caseId)}`);
      if (signal.aborted) return;
      this.detail = detail;
      this.sctId = newest(detail);
      const reference = detail.mr ?? detail.ct;
      if (reference) cursor.attach(reference, gridCentre(reference));
      await this.#loadAll();
    });
  }

  async #loadAll(): Promise<void> {
    const missing = (name: VolumeName): boolean => !this.volumes[name] && !this.arriving[name];
    const wanted: [VolumeName, string][] = [];
    if (this.detail?.mr && missing('mr')) wanted.push(['mr', 'mr']);
    if (this.detail?.ct && missing('ct')) wanted.push(['ct', 'ct']);
    if (this.sctId !== null && !this.volumes.sct) wanted.push(['sct', this.sctId]);
    if (this.detail?.hasWeight && missing('weight')) wanted.push(['weight', 'weight']);
    await this.#guard(async () => {
      // One after the other: the volume a person waits for first has the line to itself.
      for (const [at, [name, id]] of wanted.entries()) await this.#load(name, id, at + 1, wanted.length);
    });
  }

  async #load(name: VolumeName, id: string, step: number, steps: number): Promise<void> {
    const { caseId } = this;
    const { signal } = this.#stop;
    if (caseId === null || (name === 'sct' && id !== this.sctId)) return;
    const volume = await streamVolume(volumePath(caseId, id), {
      signal,
      onStart: (started) => {
        this.arriving = { ...this.arriving, [name]: started };
        this.loading = { name, step, steps, slices: 0, totalSlices: started.size[2] };
      },
      onSlices: (partial, from, to) => {
        this.loading = { name, step, steps, slices: to, totalSlices: partial.size[2] };
        this.announce(partial, from, to);
        if (step === 1) this.#leadTo(partial, to - 1);
      },
    });
    if (signal.aborted) return;
    if (step === 1) cursor.goHome();
    if (this.arriving[name] === volume) this.arriving = without(this.arriving, name);
    if (name !== 'sct' || id === this.sctId) this.volumes = { ...this.volumes, [name]: volume };
  }

  /** A CT that was registered has the voxels it had, at another place. */
  #placeCt({ ct, registration }: CaseDetail): void {
    const volume = this.volumes.ct;
    const isNew = registration?.registrationId !== this.detail?.registration?.registrationId;
    if (!volume || !ct || !isNew || !ct.size.every((n, axis) => n === volume.size[axis])) return;
    this.volumes = { ...this.volumes, ct: { ...volume, indexToLps: ct.indexToLps } };
  }

  /** While the first image comes the newest slice is looked at, up to the middle one, where the cursor belongs. */
  #leadTo(volume: LoadedVolume, slice: number): void {
    const middle = (volume.size[2] - 1) / 2;
    const [i, j] = lpsToIndex(volume, gridCentre(volume));
    cursor.guide(applyAffine(affineOf(volume), [i, j, Math.min(slice, middle)]));
  }

  async #guard(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { signal } = this.#stop;
    try {
      await work(signal);
    } catch (error) {
      if (!signal.aborted && !isAbort(error)) this.error = error;
    } finally {
      if (!signal.aborted) this.loading = null;
    }
  }
}

function newest(detail: CaseDetail): string | null {
  return [...detail.scts].sort((a, b) => b.createdAt.localeCompare(a.createdAt))[0]?.sctId ?? null;
}

function without(volumes: Volumes, name: VolumeName): Volumes {
  return Object.fromEntries(Object.entries(volumes).filter(([key]) => key !== name));
}

export const study = new Study();
