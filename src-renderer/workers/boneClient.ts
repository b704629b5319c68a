/** The window's end of the bone worker: one promise per request, and requests that are out of date are given up. */
import type { BoneAnswer, BoneMessage, BoneRequest, BoneResults } from './boneProtocol.ts';

interface Pending {
  resolve(result: BoneResults[keyof BoneResults]): void;
  reject(error: Error): void;
}

/** The part of a `Worker` that is used; tests give their own. */
export interface BoneWorkerPort {
  postMessage(message: BoneMessage): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<BoneAnswer>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

export function startBoneWorker(): BoneWorkerPort {
  return new Worker(new URL('./bone.worker.ts', import.meta.url), { type: 'module', name: 'bone' });
}

export class BoneClient {
  readonly #worker: BoneWorkerPort;
  readonly #pending = new Map<number, Pending>();
  #next = 1;

  constructor(worker: BoneWorkerPort) {
    this.#worker = worker;
    worker.onmessage = ({ data }) => this.#hear(data);
    worker.onerror = (event) => this.#fail(new Error(event.message || 'The bone worker stopped.'));
  }

  /** Rejects with an AbortError when `signal` gives the request up. */
  ask<K extends BoneRequest['kind']>(
    request: Extract<BoneRequest, { kind: K }>,
    signal?: AbortSignal,
  ): Promise<BoneResults[K]> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(aborted());
        return;
      }
      const id = this.#next++;
      this.#pending.set(id, { resolve: (result) => resolve(result as BoneResults[K]), reject });
      signal?.addEventListener('abort', () => this.#cancel(id), { once: true });
      this.#worker.postMessage({ id, request });
    });
  }

  /** Frees the worker with all it holds; what was asked is given up. */
  dispose(): void {
    this.#worker.terminate();
    this.#fail(aborted());
  }

  #cancel(id: number): void {
    const pending = this.#pending.get(id);
    if (!pending) return;
    this.#pending.delete(id);
    this.#worker.postMessage({ id, cancel: true });
    pending.reject(aborted());
  }

  #hear(answer: BoneAnswer): void {
    const pending = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    if (!pending) return;
    if ('error' in answer) pending.reject(new Error(answer.error));
    else pending.resolve(answer.result);
  }

  #fail(error: Error): void {
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}

function aborted(): DOMException {
  return new DOMException('The request was given up.', 'AbortError');
}
