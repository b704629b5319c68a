/** Progress of long work: `done` of `total` in units of `what`, for people and for machines. */
export interface Progress {
  readonly step: string;
  readonly done: number;
  readonly total: number;
}
export type OnProgress = (progress: Progress) => void;
