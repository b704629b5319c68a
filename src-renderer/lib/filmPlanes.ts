/** The planes inside a film's binary bodies: float32 [slices, 2, height, width], as the contract has them. */
import type { Film } from '../../src-main/api/contract/training.ts';

/** MR in [−1, 1] and CT in HU, or weight (1: the average pixel) and sCT in HU, of one slice. */
export interface FilmPair {
  readonly first: Float32Array<ArrayBuffer>;
  readonly second: Float32Array<ArrayBuffer>;
}

/** Views (no copies) of every slice's two planes. Throws when the body has another length than the film says. */
export function filmPairs(body: ArrayBuffer, { slices, size: [width, height] }: Film): FilmPair[] {
  const plane = width * height;
  const expected = slices.length * 2 * plane * 4;
  if (body.byteLength !== expected)
    throw new Error(`A film frame has ${body.byteLength} bytes where ${expected} are needed.`);
  return slices.map((_, at) => ({
    first: new Float32Array(body, at * 2 * plane * 4, plane),
    second: new Float32Array(body, (at * 2 + 1) * plane * 4, plane),
  }));
}
