/** Making an sCT: which model on which device, the job that runs, finished slices as they come, the result shown when it is done. */
import type { JobSnapshot } from '../../src-main/api/contract/jobs.ts';
import type { ModelDetail } from '../../src-main/api/contract/models.ts';
import type { SliceHeader } from '../../src-main/api/contract/volumes.ts';
import { client, ClientError, isAbort } from '../lib/client.ts';
import { phraseText, t } from '../lib/i18n.svelte.ts';
import { SlicePreview } from '../lib/slicePreview.ts';
import { affineOf, applyAffine, lpsToIndex, type Vector3 } from '../lib/geometry.ts';
import type { LoadedVolume } from '../lib/volume.ts';
import { app } from './app.svelte.ts';
import { cursor } from './cursor.svelte.ts';
import { gate } from './gate.svelte.ts';
import { isOver, jobs } from './jobs.svelte.ts';
import { notify, notifyError } from './notices.svelte.ts';
import { study } from './study.svelte.ts';

class Generate {
  #chosenModel = $state.raw<string | null>(null);
  #chosenDevice = $state.raw<string | null>(null);
  card = $state.raw<ModelDetail | null>(null);
  /** Finished slices of the running job. */
  finished = $state.raw({ slices: 0, total: 0 });
  #stopListening: (() => void) | null = null;
  #followed: string | null = null;

  /** The chosen model, else the newest of the workspace, else the one that ships with the program. */
  readonly modelId: string | null = $derived.by(() => {
    if (app.models.some(({ modelId }) => modelId === this.#chosenModel)) return this.#chosenModel;
    const newest = [...app.models].sort((a, b) => b.createdAt.localeCompare(a.createdAt));
    return (newest.find(({ origin }) => origin === 'workspace') ?? newest[0])?.modelId ?? null;
  });
  readonly device: string = $derived(this.#chosenDevice ?? app.settings.device);
  /** The running job of the open case. */
  readonly job: JobSnapshot | null = $derived(
    jobs.running.find(({ kind, subject }) => kind === 'generate' && subject === study.caseId) ?? null,
  );

  chooseModel(modelId: string): void {
    this.#chosenModel = modelId;
  }

  chooseDevice(device: string): void {
    this.#chosenDevice = device;
  }

  /** Why it cannot start, for people; null when it can. */
  get obstacle(): string | null {
    if (study.caseId === null) return t('synthesize.generate.noCase');
    if (!study.detail?.mr) return t('synthesize.generate.noMr');
    if (this.modelId === null) return t('synthesize.generate.noModel');
    if (this.job) return t('synthesize.generate.running');
    const model = app.models.find(({ modelId }) => modelId === this.modelId);
    return model?.problem ? phraseText(model.problem) : null;
  }

  /** Reads the card of the model in question. */
  async readCard(modelId: string | null): Promise<void> {
    if (modelId === null || this.card?.modelId === modelId) return;
    this.card = null;
    try {
      const card = await client.get<ModelDetail>(`/api/models/${encodeURIComponent(modelId)}`);
      if (this.modelId === modelId) this.card = card;
    } catch (error) {
      notifyError(error);
    }
  }

  /** Where the gate stops, `override` says why to go on; without it a person is asked. */
  async start(override?: string): Promise<void> {
    const { modelId, device } = this;
    const { caseId } = study;
    if (caseId === null || modelId === null || this.obstacle !== null) return;
    if (gate.stops && override === undefined) {
      gate.asking = true;
      return;
    }
    try {
      const reason = override === undefined ? {} : { override };
      await jobs.start({ kind: 'generate', caseId, modelId, device, ...reason });
    } catch (error) {
      notifyError(error);
    }
  }

  /** Shows the slices and the result of a job of the open case; also of one that was started before the window was. */
  follow(jobId: string, caseId: string): void {
    if (this.#followed === jobId) return;
    this.unfollow();
    this.#followed = jobId;
    this.finished = { slices: 0, total: 0 };
    cursor.lead();
    let preview: SlicePreview | null = null;
    let queue = Promise.resolve();
    const stop = jobs.onSlice(jobId, (slice, total) => {
      preview ??= new SlicePreview(total);
      const shown = preview;
      this.finished = { slices: this.finished.slices + 1, total };
      queue = queue.then(() => this.#take(jobId, caseId, slice, shown));
    });
    this.#stopListening = stop;
    void jobs.finished(jobId).then(async (job) => {
      await queue;
      stop();
      if (this.#followed === jobId) this.#followed = null;
      await this.#ended(job, caseId);
    });
  }

  unfollow(): void {
    this.#stopListening?.();
    this.#stopListening = null;
    this.#followed = null;
  }

  async #take(jobId: string, caseId: string, slice: number, preview: SlicePreview): Promise<void> {
    if (this.#followed !== jobId || study.caseId !== caseId) return;
    // An ended job's slices are swept: asking for them would only fail, and the whole result is there.
    const job = jobs.find(jobId);
    if (!job || isOver(job)) return;
    try {
      const { bytes, headers } = await client.bytes(`/api/jobs/${jobId}/slices/${String(slice)}`);
      const header = JSON.parse(headers.get('Ilium-Slice') ?? 'null') as SliceHeader | null;
      if (!header || study.caseId !== caseId) return;
      const written = preview.add({ slice, header, hu: new Float32Array(bytes) });
      if (!preview.volume || written.length === 0) return;
      if (study.arriving.sct !== preview.volume) study.preview(preview.volume);
      for (const at of written) study.announce(preview.volume, at, at + 1);
      const { lps } = cursor;
      // The newest slice is looked at until the person moves the cursor.
      if (lps) cursor.guide(withSlice(preview.volume, lps, slice));
    } catch (error) {
      // A preview that cannot be had is not missed: the whole result comes in the end, or the job says why not.
      if (!isAbort(error) && !(error instanceof ClientError)) throw error;
    }
  }

  async #ended(job: JobSnapshot, caseId: string): Promise<void> {
    if (!isOver(job) || study.caseId !== caseId) return;
    cursor.goHome();
    const sctId = job.status === 'done' ? sctOf(job.result) : null;
    if (sctId === null) {
      study.preview(null);
      return;
    }
    await study.refresh();
    await study.chooseSct(sctId);
    if (study.caseId === caseId) notify({ tone: 'ok', text: t('synthesize.generate.done') });
  }
}

/** The point moved along the slice axis of a volume onto one of its slices. */
function withSlice(volume: LoadedVolume, lps: Vector3, slice: number): Vector3 {
  const [i, j] = lpsToIndex(volume, lps);
  return applyAffine(affineOf(volume), [i, j, slice]);
}

function sctOf(result: unknown): string | null {
  return typeof result === 'object' && result !== null && 'sctId' in result ? String(result.sctId) : null;
}

export const generate = new Generate();
