/** The comparison as one page without scripts or outside resources: light, dark, and on paper. */
import type { Comparison } from '../comparison.ts';
import { describeDifferences, describeNumber, describeTrainings } from '../describeComparison.ts';
import { bootstrapDefaults } from '../statistics/bootstrap.ts';
import { boxPlot } from './boxPlot.ts';
import { costTable } from './costTable.ts';
import { differenceTable } from './differenceTable.ts';
import { escapeHtml, section } from './html.ts';
import {
  boneSection,
  filmSection,
  sliceSection,
  type CasePictures,
  type MethodFilm,
} from './pictureSections.ts';
import { reproduction, type Reproduction } from './reproduction.ts';
import { caseTables, meanTable, worstTable } from './resultTables.ts';
import { styleSheet } from './styles.ts';
import { tableRows } from './tableRows.ts';
import { trainingTable } from './trainingTable.ts';

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
  readonly films: readonly MethodFilm[];
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
  const trainings = trainingTable(comparison);
  const parts = [
    ...(warnings.length > 0
      ? [section('Before you believe the figures', [], `<div class="failed">${list(warnings)}</div>`)]
      : []),
    section(
      'What the figures say',
      [describeNumber(comparison), describeTrainings(comparison)].filter((note) => note !== ''),
      list(describeDifferences(comparison)),
    ),
    ...(problems.length > 0
      ? [section('What could not be computed', [], `<div class="failed">${list(problems)}</div>`)]
      : []),
    section(
      'All measures',
      [surfaceNote],
      `<div class="beside">${meanTable(comparison, notInstalled)}${differenceTable(comparison)}${trainings}</div>`,
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
        `Runs that share a name are one method: their figures are averaged case by case before anything else, so that a case counts once however many runs there are, and one that a run has no value of is left out. Intervals: percentile bootstrap over cases, ${bootstrapDefaults.resamples} resamples, seed ${bootstrapDefaults.seed}. Test: Wilcoxon’s signed-rank test, two-sided, zeros dropped, exact up to 50 cases. Holm’s correction is taken over the methods of one measure; nothing corrects for looking at several measures.`,
        ...(trainings === ''
          ? []
          : [
              'p and intervals are over cases, given these trainings; how far the mean of a method moves from seed to seed is in the table “Between seeds”.',
            ]),
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

const surfaceNote =
  'Surface distance: from every voxel of the bone’s surface in the CT to the nearest one in the sCT and the other way round; the mean is over both together, 95 % the larger of the two 95th percentiles. A case of which either has no bone has none and is missing from the mean: mind the number of cases.';

function plots(comparison: Comparison): string {
  return tableRows(comparison)
    .flatMap(({ metric, scores }) => (metric.isMain ? [`<figure>${boxPlot(metric, scores)}</figure>`] : []))
    .join('');
}
