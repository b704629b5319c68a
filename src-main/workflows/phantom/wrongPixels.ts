/** Pixels of a phantom whose CT as given is wrong: farther from the truth than noise and interpolation reach. */
const wrongAboveHu = 100;

/** 1 where they differ by more than 100 HU. */
export function wrongPixels(ctHu: Float32Array, trueHu: Float32Array): Uint8Array {
  return Uint8Array.from(ctHu, (hu, at) => (Math.abs(hu - (trueHu[at] as number)) > wrongAboveHu ? 1 : 0));
}
