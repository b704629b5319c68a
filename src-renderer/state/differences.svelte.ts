/** Differences between loaded volumes and what each slice contains, computed beside the window when first wanted. */
import { SvelteMap } from 'svelte/reactivity';
import { isAbort } from '../lib/client.ts';
import { runVolumeMath, type VolumeMathResult, type VolumeMathTask } from '../lib/runVolumeMath.ts';
import type { LoadedVolume } from '../lib/volume.ts';
import type { SliceSignals } from '../lib/volumeMath.ts';
import { notifyError } from './notices.svelte.ts';
import { study, type VolumeName } from './study.svelte.ts';

interface Entry {
  readonly inputs: readonly LoadedVolume[];
  readonly stop: AbortController;
  /** Null while it is being computed. */
  readonly result: VolumeMathResult | null;
}

class Differences {
  readonly #entries = new SvelteMap<string, Entry>();
  /** Whether something is being computed. */
  readonly busy = $derived([...this.#entries.values()].some(({ result }) => result === null));

  /** a − b on a's grid; null until `want` has made it. */
  of(a: VolumeName, b: VolumeName): LoadedVolume | null {
    return this.#result(`${a}-${b}`, [study.volumes[a], study.volumes[b]])?.volume ?? null;
  }

  /** Mean magnitude of a − b in the tissue of every slice. */
  errorOf(
    a: VolumeName,
    b: VolumeName,
  ): { readonly volume: LoadedVolume; readonly signals: SliceSignals } | null {
    const result = this.#result(`${a}-${b}`, [study.volumes[a], study.volumes[b]]);
    return result?.volume ? { volume: result.volume, signals: result.signals } : null;
  }

  /** Share of bone per slice. */
  boneOf(name: VolumeName): { readonly volume: LoadedVolume; readonly signals: SliceSignals } | null {
    const volume = study.volumes[name];
    const result = this.#result(`bone-${name}`, [volume]);
    return volume && result ? { volume, signals: result.signals } : null;
  }

  /** Computes a − b unless it is there or under way. */
  want(a: VolumeName, b: VolumeName): void {
    const [first, second] = [study.volumes[a], study.volumes[b]];
    if (first && second)
      this.#start(`${a}-${b}`, { kind: 'difference', a: first, b: second }, [first, second]);
  }

  wantBone(name: VolumeName): void {
    const volume = study.volumes[name];
    if (volume) this.#start(`bone-${name}`, { kind: 'bone', volume }, [volume]);
  }

  /** Lets go of everything that was made of volumes no longer loaded, and stops what is under way for them. */
  letGo(): void {
    const loaded = new Set<LoadedVolume>(Object.values(study.volumes));
    for (const [key, entry] of [...this.#entries]) {
      if (entry.inputs.every((volume) => loaded.has(volume))) continue;
      entry.stop.abort();
      this.#entries.delete(key);
    }
  }

  #result(key: string, inputs: readonly (LoadedVolume | undefined)[]): VolumeMathResult | null {
    const entry = this.#entries.get(key);
    return entry?.inputs.every((volume, at) => volume === inputs[at]) ? entry.result : null;
  }

  #start(key: string, task: VolumeMathTask, inputs: readonly LoadedVolume[]): void {
    const known = this.#entries.get(key);
    if (known?.inputs.every((volume, at) => volume === inputs[at])) return;
    known?.stop.abort();
    const stop = new AbortController();
    this.#entries.set(key, { inputs, stop, result: null });
    runVolumeMath(task, stop.signal)
      .then((result) => {
        if (this.#entries.get(key)?.stop === stop) this.#entries.set(key, { inputs, stop, result });
      })
      .catch((error: unknown) => {
        if (this.#entries.get(key)?.stop === stop) this.#entries.delete(key);
        if (!isAbort(error)) notifyError(error);
      });
  }
}

export const differences = new Differences();
