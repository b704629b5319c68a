/** Runs whole-volume arithmetic beside the window, so that slices keep scrolling; a worker per task, so that its memory goes with it. */
import type { SliceSignals } from './volumeMath.ts';
import type { LoadedVolume } from './volume.ts';

export type VolumeMathTask =
  | { readonly kind: 'difference'; readonly a: LoadedVolume; readonly b: LoadedVolume }
  | { readonly kind: 'bone'; readonly volume: LoadedVolume };

export interface VolumeMathResult {
  /** The difference, for a `difference`. */
  readonly volume?: LoadedVolume;
  readonly signals: SliceSignals;
}

/** The task's result. Rejects when the worker fails (its memory does not suffice) or the signal fires. */
export async function runVolumeMath(task: VolumeMathTask, signal: AbortSignal): Promise<VolumeMathResult> {
  signal.throwIfAborted();
  const worker = new Worker(new URL('../workers/volumeMath.worker.ts', import.meta.url), { type: 'module' });
  try {
    return await new Promise<VolumeMathResult>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<VolumeMathResult>) => resolve(data);
      worker.onerror = (event) => reject(new Error(event.message));
      signal.addEventListener('abort', () => reject(new DOMException('Given up.', 'AbortError')), {
        once: true,
      });
      worker.postMessage(task);
    });
  } finally {
    worker.terminate();
  }
}
