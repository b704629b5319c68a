/** What the gate looks at: an MR's acquisition, its grid and what its voxels show, measured once. */
import type { MrSequence } from '../../formats/dicom/mrSequence.ts';
import { bodyAtBorder, type BodyAtBorder } from '../../imaging/mask/bodyAtBorder.ts';
import { bodyMask } from '../../imaging/mask/bodyMask.ts';
import { darkRegionMl } from '../../imaging/mask/darkRegion.ts';
import { intensityProfile } from '../../imaging/intensity/intensityProfile.ts';
import { percentiles } from '../../imaging/intensity/percentiles.ts';
import { toAxialLps } from '../../imaging/orient/toAxialLps.ts';
import type { SourceSeries } from '../../formats/dicom/sourceSeries.ts';
import type { Volume } from '../../shared/volume.ts';
import type { BodyImages } from '../prepare/bodyImages.ts';
import { stackFacts, type StackFacts } from './stackFacts.ts';

export interface MrFacts extends StackFacts {
  /** null: no DICOM says. */
  readonly modality: 'MR' | 'CT' | null;
  /** Whether a large part of the values lies where only the air of a CT does. */
  readonly looksLikeHu: boolean;
  readonly sequence: MrSequence | null;
  /** The body at the skin against the sides of the image. */
  readonly border: BodyAtBorder;
  /** The largest region without signal inside the body. */
  readonly darkMl: number;
  /** Intensities inside the body as the model sees them (see `intensityProfile`). */
  readonly profile: readonly number[];
}

/** Air of a CT is −1000 HU; magnitude MR has no values like these. */
const ctAir = -500;

/** Measures `mr`, of which `images` were prepared for the model and which `source` describes where it was DICOM. */
export function mrFacts(mr: Volume, images: BodyImages, source?: SourceSeries): MrFacts {
  const { volume: axial } = toAxialLps(mr);
  const skin = bodyMask(axial, { dilationMm: 0 });
  const [low = 0] = percentiles(mr.data, [5]);
  return {
    modality: source?.modality ?? null,
    looksLikeHu: low < ctAir,
    sequence: source?.mrSequence ?? null,
    ...stackFacts(mr.grid, source),
    border: bodyAtBorder(skin.data, axial.grid.size),
    darkMl: darkRegionMl(axial, skin),
    profile: intensityProfile(images.mr.data, images.mask.data),
  };
}
