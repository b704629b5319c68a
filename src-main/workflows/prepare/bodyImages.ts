/**
 * An MR as the network sees it, the same for training and for synthesis: axial order, the model's in-plane spacing, intensities
 * normalised inside the body, −1 outside it. Outside the body neither MR nor CT says anything about the patient (coils, couch, ghosts).
 */
import {
  fitMrNormalisation,
  normaliseMr,
  type MrNormalisation,
} from '../../imaging/intensity/mrNormalisation.ts';
import { bodyMask } from '../../imaging/mask/bodyMask.ts';
import { toAxialLps, type AxisOrder } from '../../imaging/orient/toAxialLps.ts';
import { axialModelGrid } from '../../imaging/resample/modelGrid.ts';
import { resampleVolume } from '../../imaging/resample/resampleVolume.ts';
import type { Grid, Volume } from '../../shared/volume.ts';

export interface BodyImages {
  /** Normalised MR in [−1, 1] on the model grid. */
  readonly mr: Volume<Float32Array>;
  /** The body on the model grid: 1 inside the (dilated) outline. */
  readonly mask: Volume<Uint8Array>;
  readonly normalisation: MrNormalisation;
  /** How the source was turned, and its axial grid. */
  readonly order: AxisOrder;
  readonly axialGrid: Grid;
  /** The body on the axial grid. */
  readonly axialMask: Volume<Uint8Array>;
}

export interface BodyImagesOptions {
  readonly spacingMm: readonly [number, number];
  /** A given body outline on any grid; else it is found in the MR. */
  readonly mask?: Volume;
  /** Percentiles inside the body that become −1 and 1; else those of `fitMrNormalisation`. */
  readonly mrPercentiles?: readonly [number, number];
  /** What the MR is called in errors. */
  readonly subject: string;
}

/** Prepares an MR. Throws NO_BODY_FOUND. */
export function bodyImages(
  mr: Volume,
  { spacingMm, mask, mrPercentiles, subject }: BodyImagesOptions,
): BodyImages {
  const { volume: axial, order } = toAxialLps(mr);
  const axialMask = mask ? maskOn(mask, axial.grid) : bodyMask(axial, { subject });
  const [lowPercentile, highPercentile] = mrPercentiles ?? [];
  const normalisation = fitMrNormalisation(axial.data, axialMask.data, {
    ...(lowPercentile === undefined ? {} : { lowPercentile }),
    ...(highPercentile === undefined ? {} : { highPercentile }),
    subject,
  });
  const grid = axialModelGrid(axial.grid, { spacingMm });
  const onModel =
    grid === axial.grid ? axial : resampleVolume(axial, grid, { interpolation: 'linear', outside: 0 });
  const modelMask = grid === axial.grid ? axialMask : maskOn(axialMask, grid);
  const data = normaliseMr(onModel.data, normalisation);
  for (let at = 0; at < data.length; at++) if (modelMask.data[at] === 0) data[at] = -1;
  return { mr: { grid, data }, mask: modelMask, normalisation, order, axialGrid: axial.grid, axialMask };
}

function maskOn(mask: Volume, grid: Grid): Volume<Uint8Array> {
  const { data } = resampleVolume(mask, grid, { interpolation: 'nearest', outside: 0 });
  return { grid, data: Uint8Array.from(data, (value) => (value > 0 ? 1 : 0)) };
}
