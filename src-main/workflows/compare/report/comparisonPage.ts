/** The comparison as one page without scripts or outside resources: light, dark, and on paper. */
import { differenceHu, ctWindowHu, type SlicePictures } from '../pictures/drawSlices.ts';
import { boneThresholdHu, type MethodFailures, spotText } from '../pictures/boneFailures.ts';
import type { BonePicture } from '../pictures/drawBone.ts';
import type { FilmStrip } from '../pictures/drawFilm.ts';
import type { Comparison } from '../comparison.ts';
import { describeDifferences, describeNumber } from '../describeComparison.ts';
import { figure, signed } from '../figures.ts';
import { metrics } from '../metricTable.ts';
import { bootstrapDefaults } from '../statistics/bootstrap.ts';
import { boxPlot } from './boxPlot.ts';
import { costTable } from './costTable.ts';
import { captioned, escapeHtml, pictureSvg, section } from './html.ts';
import { reproduction, type Reproduction } from './reproduction.ts';
import { caseTables, differenceTable, meanTable, worstTable } from './resultTables.ts';
import { styleSheet } from './styles.ts';

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

export interface ComparisonPage extends Reproduction {
  readonly title: string;
  /** What was compared, one line each. */
  readonly subject: readonly string[];
  readonly comparison: Comparison;
  /** What one should know of the runs before their figures are believed, one line each. */
  readonly warnings: readonly string[];
  /** What could not be computed, one line each. */
  readonly problems: readonly string[];
  readonly notInstalled: readonly string[];
  readonly cases: readonly CasePictures[];
  readonly films: readonly { readonly label: string; readonly strip: FilmStrip }[];
  /** Sections of its own that whoever asks for the page adds, as HTML. */
  readonly further: readonly string[];
  /** Programs and their versions, in one line. */
  readonly versions: string;
}

/** The page. */
export function comparisonPage(page: ComparisonPage): string {
  const { title, subject, comparison, warnings, problems, notInstalled } = page;
  const list = (lines: readonly string[]): string =>
    `<ul>${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join('')}</ul>`;
  const parts = [
    ...(warnings.length > 0
      ? [section('Before you believe the figures', [], `<div class="failed">${list(warnings)}</div>`)]
      : []),
    section('What the figures say', [describeNumber(comparison)], list(describeDifferences(comparison))),
    ...(problems.length > 0
      ? [section('What could not be computed', [], `<div class="failed">${list(problems)}</div>`)]
      : []),
    section(
      'All measures',
      [],
      `<div class="beside">${meanTable(comparison, notInstalled)}${differenceTable(comparison)}</div>`,
    ),
    section(
      'Every case',
      ['A dot is a case, a thin line joins the same case.'],
      `<div class="grid wide">${plots(comparison)}</div>`,
    ),
    ...page.further,
    ...page.cases.map((one) => sliceSection(one)),
    ...page.cases.map((one) => boneSection(one)),
    ...(page.films.length > 0 ? [filmSection(page.films)] : []),
    section('Worst cases', [], `<div class="beside">${worstTable(comparison)}</div>`),
    section('Case by case', [], `<div class="beside">${caseTables(comparison)}</div>`),
    section('Cost', [], costTable(page.costs)),
    section(
      'How it was made',
      [
        'MAE, PSNR and SSIM as in the SynthRAD2023 challenge (range 4024 HU), all measures in three dimensions inside the case’s mask, or inside the skin where it has none.',
        `Runs that share a name are one method: their figures are averaged case by case before anything else, so that a case counts once however many runs there are. Intervals: percentile bootstrap over cases, ${bootstrapDefaults.resamples} resamples, seed ${bootstrapDefaults.seed}. Test: Wilcoxon’s signed-rank test, two-sided, zeros dropped, exact up to 50 cases. Holm’s correction is taken over the methods of one measure; nothing corrects for looking at several measures.`,
        page.versions,
      ],
      reproduction(page),
    ),
  ];
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${styleSheet}</style>
<main>
<h1>${escapeHtml(title)}</h1>
${subject.map((line) => `<p>${escapeHtml(line)}</p>`).join('\n')}
<p class="research">For research only, not a medical device; not for clinical decisions.</p>
${parts.join('\n')}
</main>
</html>
`;
}

function plots(comparison: Comparison): string {
  return metrics
    .flatMap((metric) => {
      const row = comparison.metrics.find(({ metricId }) => metricId === metric.id);
      return metric.isMain && row ? [`<figure>${boxPlot(metric, row)}</figure>`] : [];
    })
    .join('');
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

function sliceSection({ caseId, reason, limitMm, slices, failures }: CasePictures): string {
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
      `Red arrows: bone (> ${boneThresholdHu} HU) whose surface is more than ${figure(limitMm, 1)} mm from the other’s, at most the five largest places of a method (distance times surface voxels) and none that the volume’s edge could explain. Places in the whole case (their surface voxels): ${counts.join('; ')}.`,
    ],
    rows.join(''),
  );
}

function boneSection({ caseId, limitMm, bone, failures }: CasePictures): string {
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

function filmSection(films: ComparisonPage['films']): string {
  const strips = films.map(({ label, strip: { ct, frames, topWeight } }) => {
    const pictures = frames.map(({ epoch, picture }) =>
      captioned(pictureSvg(picture, `${label}, weights after epoch ${epoch}`), `Epoch ${epoch}`),
    );
    return `<h3>${escapeHtml(label)}</h3><p class="note">Dark: weight 0; yellow: ${topWeight.toFixed(1)} times the average pixel.</p><div class="grid small">${captioned(pictureSvg(ct, 'CT of the slice'), 'CT', 'as given', 'ct')}${pictures.join('')}</div>`;
  });
  return section(
    'Weight maps over epochs',
    [
      'One training slice of the first run of each method that learns weights, after its warm-up, the map laid over the CT.',
    ],
    strips.join(''),
  );
}
