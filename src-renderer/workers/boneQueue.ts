/** Runs tasks one after the other in short turns, so that a message between turns can cancel one that is out of date. */
import type { Steps } from '../lib/meshTypes.ts';
import type { BoneAnswer, BoneMessage, BoneRequest, BoneResults } from './boneProtocol.ts';

type Result = BoneResults[keyof BoneResults];

/** Longest turn, ms. */
const turnMs = 12;

export class BoneQueue {
  readonly #start: (request: BoneRequest) => Steps<Result>;
  readonly #answer: (answer: BoneAnswer) => void;
  /** Resolves after messages that have arrived were heard. */
  readonly #rest: () => Promise<void>;
  readonly #waiting = new Map<number, BoneRequest>();
  #working = false;

  constructor(
    start: (request: BoneRequest) => Steps<Result>,
    answer: (answer: BoneAnswer) => void,
    rest: () => Promise<void>,
  ) {
    this.#start = start;
    this.#answer = answer;
    this.#rest = rest;
  }

  /** Takes a request or a cancellation; resolves when nothing is left to do. */
  async hear(message: BoneMessage): Promise<void> {
    if ('cancel' in message) this.#waiting.delete(message.id);
    else this.#waiting.set(message.id, message.request);
    if (this.#working) return;
    this.#working = true;
    // What has arrived together is heard together: of several previews only the last is made.
    await this.#rest();
    for (let next = this.#next(); next; next = this.#next()) await this.#work(...next);
    this.#working = false;
  }

  #next(): [number, BoneRequest] | undefined {
    const [first] = this.#waiting;
    return first;
  }

  async #work(id: number, request: BoneRequest): Promise<void> {
    try {
      const steps = this.#start(request);
      let turn = performance.now();
      for (let step = steps.next(); ; step = steps.next()) {
        if (step.done) {
          this.#answer({ id, result: step.value });
          break;
        }
        if (performance.now() - turn < turnMs) continue;
        await this.#rest();
        if (!this.#waiting.has(id)) break;
        turn = performance.now();
      }
    } catch (error) {
      this.#answer({ id, error: error instanceof Error ? error.message : String(error) });
    }
    this.#waiting.delete(id);
  }
}
