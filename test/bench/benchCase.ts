/** What the bench times: a kind of work at a size. Both sides get it as the `prepare` request of their JSON-lines protocol. */
import { methodParts, type MethodParts } from '../../src-main/shared/trainingMethods.ts';

const noParts: MethodParts = { weights: false, perceptual: false, contextual: false, registration: false };

/** Kinds that are a training step, and what the step has besides pixel and adversarial loss. Features are of random networks. */
export const trainedParts = {
  plain: noParts,
  meta: { ...noParts, weights: true },
  pgan: methodParts.pgan,
  'reg-pgan': methodParts['reg-pgan'],
  'ctx-pgan': methodParts['ctx-pgan'],
  'meta-ctx': methodParts.meta,
} as const satisfies Readonly<Record<string, MethodParts>>;

export type TrainingKind = keyof typeof trainedParts;

export const benchKinds = ['infer', 'plain', 'meta', 'pgan', 'reg-pgan', 'ctx-pgan', 'meta-ctx', 'evaluate'] as const; // prettier-ignore
export type BenchKind = (typeof benchKinds)[number];

/** Images are h × w; n training (or inferred) images, m clean images of the meta step. An evaluation has 100 slices. */
export interface BenchSize {
  readonly h: number;
  readonly w: number;
  readonly n: number;
  readonly m: number;
  readonly ngf: number;
  readonly blocks: number;
}

export function isBenchKind(text: string): text is BenchKind {
  return benchKinds.some((kind) => kind === text);
}
