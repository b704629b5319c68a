/** The page's pictures: slices with marked failures, bone from the front, films of weights. */
import { boneThresholdHu, type MethodFailures, spotText } from '../pictures/boneFailures.ts';
import type { BonePicture } from '../pictures/drawBone.ts';
import type { FilmStrip } from '../pictures/drawFilm.ts';
import { differenceHu, ctWindowHu, type SlicePictures } from '../pictures/drawSlices.ts';
import { figure, signed } from '../figures.ts';
import { captioned, pictureSvg, escapeHtml, section } from './html.ts';

export interface CasePictures {
  readonly caseId: string;
  /** Why this case is shown. */
  readonly reason: string;
  /** Beyond this distance bone counts as failed. */
  readonly limitMm: number;
  readonly slices: readonly SlicePictures[];
  readonly bone: readonly BonePicture[];
  readonly failures: readonly MethodFailures[];
}

export interface MethodFilm {
  readonly label: string;
  readonly strip: FilmStrip;
}

/** Pictures beside each other; more methods go below. */
const widestRow = 6;

/** What a method has failed at in the whole case, also where a slice has no arrow; empty unless all bone is lost or invented. */
function totalText(failures: readonly MethodFailures[], label: string): string {
  const spot = failures
    .find((one) => one.label === label)
    ?.spots.find(({ distanceMm }) => distanceMm === null);
  return spot ? spotText(spot) : '';
}

/** Chosen slices of a case, failed bone marked and counted. */
export function sliceSection({ caseId, reason, limitMm, slices, failures }: CasePictures): string {
  const rows = slices.map(({ slice, heightMm, mr, ct, methods }) => {
    const own = methods.map(({ label, sct, difference, marks }) =>
      captioned(
        pictureSvg(sct, `${label}, synthetic CT`, marks) +
          pictureSvg(difference, `${label}, difference from the CT`, marks),
        label,
        totalText(failures, label) || marks.map(({ text }) => text).join('; '),
        'sct',
      ),
    );
    const pictures = 2 + own.length;
    const columns = Math.ceil(pictures / Math.ceil(pictures / widestRow));
    return `<h3>Slice ${slice + 1}, ${signed(heightMm, 0)} mm</h3><div class="grid slices" style="--columns:${columns}">${captioned(pictureSvg(mr, 'MR'), 'MR', 'input', 'mr')}${captioned(pictureSvg(ct, 'CT'), 'CT', 'reference', 'ct')}${own.join('')}</div>`;
  });
  const counts = failures.map(
    ({ label, count, voxels }) =>
      `${label} ${totalText(failures, label) || (count === 0 ? 'none' : `${count} (${voxels})`)}`,
  );
  return section(
    `Slices of ${caseId}`,
    [
      `${reason} CT and sCT ${figure(ctWindowHu[0], 0)} to ${ctWindowHu[1]} HU; below each sCT its difference from the CT, orange too high, blue too low, full colour at ${differenceHu} HU.`,
      `Red arrows: bone (> ${boneThresholdHu} HU) whose surface is more than ${figure(limitMm, 1)} mm from the other’s, at most the five largest places of a method (distance times surface voxels); distances count no further than to the volume’s edge, beyond which bone may lie unseen. Places in the whole case (their surface voxels): ${counts.join('; ')}.`,
    ],
    rows.join(''),
  );
}

/** Bone of a case, CT first. */
export function boneSection({ caseId, limitMm, bone, failures }: CasePictures): string {
  const pictures = bone.map(({ label, picture, marks }) => {
    const largest = failures.find((one) => one.label === label)?.spots[0];
    const found = largest ? `largest place: ${spotText(largest)}, ${largest.voxels} surface voxels` : '';
    const detail = totalText(failures, label) || found || (label === 'CT' ? 'reference' : 'no failure found');
    return captioned(
      pictureSvg(picture, `Bone of ${label}`, marks),
      label,
      detail,
      label === 'CT' ? 'ct' : 'sct',
    );
  });
  return section(
    `Bone of ${caseId}`,
    [
      `Above ${boneThresholdHu} HU inside the mask, seen from the front, the patient’s right on the left; one threshold and one camera. Arrows as in the slices (surface more than ${figure(limitMm, 1)} mm off), also for places hidden behind others.`,
    ],
    `<div class="grid wide">${pictures.join('')}</div>`,
  );
}

/** A strip for each method that learns weights. */
export function filmSection(films: readonly MethodFilm[]): string {
  const strips = films.map(({ label, strip: { ct, frames, topWeight } }) => {
    const pictures = frames.map(({ epoch, picture }) =>
      captioned(pictureSvg(picture, `${label}, weights after epoch ${epoch}`), `Epoch ${epoch}`),
    );
    return `<h3>${escapeHtml(label)}</h3><p class="note">Dark: weight 0; yellow: ${topWeight.toFixed(1)} times the average pixel, air included.</p><div class="grid small">${captioned(pictureSvg(ct, 'CT of the slice'), 'CT', 'as given', 'ct')}${pictures.join('')}</div>`;
  });
  return section(
    'Weight maps over epochs',
    [
      'One training slice of the first run of each method that learns weights, after its warm-up, the map laid over the CT.',
    ],
    strips.join(''),
  );
}
