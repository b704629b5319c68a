/** What the bench times: a kind of work at a size. Both sides get it as the `prepare` request of their JSON-lines protocol. */
export const benchKinds = ['infer', 'plain', 'meta', 'evaluate'] as const;
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
