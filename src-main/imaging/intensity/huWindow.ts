/**
 * CT numbers ↔ the network's [−1, 1]: an affine map of a window of Hounsfield units, clipped on the way in and out.
 * The default window is the range of the SynthRAD2023 metrics. An error of 0.01 in [−1, 1] is 20 HU with it.
 */
export interface HuWindow {
  /** HU that becomes −1. */
  readonly lowHu: number;
  /** HU that becomes 1. */
  readonly highHu: number;
}

export const defaultHuWindow: HuWindow = { lowHu: -1024, highHu: 3000 };

/** HU → [−1, 1], clipped to the window; values that are not finite become −1. */
export function normaliseHu(valuesHu: ArrayLike<number>, { lowHu, highHu } = defaultHuWindow): Float32Array {
  const out = new Float32Array(valuesHu.length);
  const scale = 2 / (highHu - lowHu);
  for (let at = 0; at < out.length; at++) {
    const value = ((valuesHu[at] as number) - lowHu) * scale - 1;
    out[at] = value > -1 ? Math.min(value, 1) : -1;
  }
  return out;
}

/** [−1, 1] → HU; values beyond are clipped to the window, values that are not finite become its lower end. */
export function denormaliseHu(values: ArrayLike<number>, { lowHu, highHu } = defaultHuWindow): Float32Array {
  const out = new Float32Array(values.length);
  const scale = (highHu - lowHu) / 2;
  for (let at = 0; at < out.length; at++) {
    const value = values[at] as number;
    out[at] = value > -1 ? lowHu + (Math.min(value, 1) + 1) * scale : lowHu;
  }
  return out;
}
