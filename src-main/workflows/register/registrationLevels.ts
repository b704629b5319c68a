/**
 * The resolutions a pair is registered at, coarse to fine: block means of about 8, 4 and 2 mm. Finer voxels would not place a pelvis better
 * (the search reads between voxels) but cost memory: at 2 mm an MR and a CT of any size stay within tens of megabytes. Values are clipped
 * as for mutual information (CT −1000…1500 HU, MR at its 0.5 and 99.5 percentiles): metal and hot spots would take the histogram's bins.
 */
import { percentiles } from '../../imaging/intensity/percentiles.ts';
import { shrinkFactors, shrinkVolume } from '../../imaging/resample/shrinkVolume.ts';
import type { Volume } from '../../shared/volume.ts';

export const registrationSpacingsMm = [8, 4, 2] as const;
const ctRangeHu = [-1000, 1500] as const;
const mrPercentiles = [0.5, 99.5] as const;

export interface RegistrationLevel {
  readonly mr: Volume<Float32Array>;
  readonly ct: Volume<Float32Array>;
}

/** The pair at each of `registrationSpacingsMm`, the coarsest first. */
export function registrationLevels(mr: Volume, ct: Volume): readonly RegistrationLevel[] {
  const at = (volume: Volume): readonly Volume<Float32Array>[] =>
    registrationSpacingsMm.map((spacingMm) => shrinkVolume(volume, shrinkFactors(volume.grid, spacingMm)));
  const [mrs, cts] = [at(mr), at(ct)];
  const [low = 0, high = 0] = percentiles(mrs.at(-1)?.data ?? [], mrPercentiles);
  return mrs.flatMap((coarseMr, level) => {
    const coarseCt = cts[level];
    return coarseCt ? [{ mr: clipped(coarseMr, [low, high]), ct: clipped(coarseCt, ctRangeHu) }] : [];
  });
}

function clipped(
  { grid, data }: Volume<Float32Array>,
  [low, high]: readonly [number, number],
): Volume<Float32Array> {
  return { grid, data: data.map((value) => Math.min(high, Math.max(low, value))) };
}
