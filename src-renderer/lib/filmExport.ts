/** What window and film worker say to each other. */
import type { SheetFrame, SheetInput } from './filmSheet.ts';

export type FilmFormat = 'gif' | 'png';

export interface FilmOrder {
  readonly format: FilmFormat;
  readonly sheet: SheetInput;
  readonly frames: readonly SheetFrame[];
  /** Time an epoch stands, ms. */
  readonly delayMs: number;
}

export type FilmAnswer =
  | { readonly type: 'progress'; readonly done: number; readonly total: number }
  | { readonly type: 'done'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly type: 'failed'; readonly message: string };
