/**
 * Reference point: a perfect segmentation painted with one CT number per tissue. The numbers are the mean HU of each label over training
 * pairs as they are given, misaligned; the labels painted are the phantom's own, which no method on a patient has.
 */

export interface LabelledCt {
  readonly ctHu: ArrayLike<number>;
  /** Tissue of every voxel of the MR's anatomy, 0 outside the body. */
  readonly labels: ArrayLike<number>;
}

/** Label → mean HU over the voxels of all pairs that carry it. */
export function fitTissueConstant(pairs: readonly LabelledCt[]): Map<number, number> {
  const sums = new Map<number, { total: number; count: number }>();
  for (const { ctHu, labels } of pairs) {
    for (let at = 0; at < labels.length; at++) {
      const label = labels[at] as number;
      let sum = sums.get(label);
      if (!sum) sums.set(label, (sum = { total: 0, count: 0 }));
      sum.total += ctHu[at] as number;
      sum.count++;
    }
  }
  return new Map([...sums].map(([label, { total, count }]) => [label, total / count]));
}

/** HU by label; a label that training did not have becomes −1024. */
export function paintTissueConstant(
  constants: ReadonlyMap<number, number>,
  labels: ArrayLike<number>,
): Float32Array {
  return Float32Array.from(labels, (label) => constants.get(label) ?? -1024);
}
