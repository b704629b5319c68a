/**
 * Errors by tissue class, the classes taken from the reference CT: air below −200 HU, bone above 150 HU, soft tissue between.
 * The mean error shows a bias that the mean absolute error hides, and classes show one that the body's average hides.
 */
export interface TissueThresholds {
  /** Below: air. */
  readonly airBelowHu: number;
  /** Above: bone. */
  readonly boneAboveHu: number;
}

export const defaultTissueThresholds: TissueThresholds = { airBelowHu: -200, boneAboveHu: 150 };

/** Of a CT number: the classes of `tissueErrors`. */
export function tissueClass(
  hu: number,
  { airBelowHu, boneAboveHu }: TissueThresholds = defaultTissueThresholds,
): 'air' | 'soft' | 'bone' {
  if (hu < airBelowHu) return 'air';
  return hu > boneAboveHu ? 'bone' : 'soft';
}

export interface TissueError {
  readonly voxels: number;
  /** Mean of synthetic minus reference, HU; null when the class is empty. */
  readonly meanErrorHu: number | null;
  readonly maeHu: number | null;
}

export type TissueErrors = Readonly<Record<'body' | 'air' | 'soft' | 'bone', TissueError>>;

/** Mean error and mean absolute error of `sct` against `ct` inside `mask`, for the whole and for each class. */
export function tissueErrors(
  ct: ArrayLike<number>,
  sct: ArrayLike<number>,
  mask: ArrayLike<number>,
  thresholds: TissueThresholds = defaultTissueThresholds,
): TissueErrors {
  const sums = { air: [0, 0, 0], soft: [0, 0, 0], bone: [0, 0, 0] } satisfies Record<string, Sums>;
  for (let at = 0; at < ct.length; at++) {
    if (!((mask[at] as number) > 0)) continue;
    const reference = ct[at] as number;
    const error = (sct[at] as number) - reference;
    const sum: Sums = sums[tissueClass(reference, thresholds)];
    sum[0]++;
    sum[1] += error;
    sum[2] += Math.abs(error);
  }
  const total = ([0, 1, 2] as const).map((n) => sums.air[n] + sums.soft[n] + sums.bone[n]) as Sums;
  return { body: average(total), air: average(sums.air), soft: average(sums.soft), bone: average(sums.bone) };
}

/** Voxels, sum of errors, sum of absolute errors. */
type Sums = [number, number, number];

function average([voxels, error, absolute]: Sums): TissueError {
  if (voxels === 0) return { voxels, meanErrorHu: null, maeHu: null };
  return { voxels, meanErrorHu: error / voxels, maeHu: absolute / voxels };
}
