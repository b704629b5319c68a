/** What is odd about a case: what was found when its images were imported, and what their grids and record tell. */
import { affineAxes, affineSteps } from '../../shared/affine.ts';
import type { Finding } from '../../shared/finding.ts';
import { planeStack } from '../../shared/planeStack.ts';
import type { Grid } from '../../shared/volume.ts';
import type { CaseRecord } from '../workspace/caseRecord.ts';
import { orientationOf } from './imageSummary.ts';
import { pairFindings } from './pairFindings.ts';

const notableDegrees = 0.5;
/** Slices further apart than this hide thin bone. */
const farApartMm = 5;

/** Findings about `record`: what its imports kept, then what its images' grids (given where it has them) tell; nothing twice. */
export function caseFindings(
  record: CaseRecord,
  grids: Readonly<Partial<Record<'mr' | 'ct', Grid>>>,
): Finding[] {
  const images = (['mr', 'ct'] as const).flatMap((name) => {
    const { findings: kept = [], name: subject = name } = record[name] ?? {};
    const grid = grids[name];
    const seen = grid === undefined ? [] : gridFindings(grid, subject);
    return [...kept, ...seen.filter(({ code }) => !kept.some((known) => known.code === code))];
  });
  return [...stillTrue(record), ...images, ...pairFindings(record, grids)];
}

/** What an import found about the case: a registration it dropped is old news once there is another. */
function stillTrue({ findings = [], registration }: CaseRecord): Finding[] {
  return registration === undefined
    ? findings
    : findings.filter(({ code }) => code !== 'registration-dropped');
}

function gridFindings(grid: Grid, subject: string): Finding[] {
  const findings: Finding[] = [];
  const note = (code: string, severity: Finding['severity'], details: Finding['details']): void => {
    findings.push({ code, severity, subject, details });
  };
  const { orientation, obliqueDegrees } = orientationOf(grid);
  const [i, j] = affineAxes(grid.indexToLps);
  const { distanceMm, tiltDegrees } = planeStack(i, j, affineSteps(grid.indexToLps)[2]);
  if (tiltDegrees > notableDegrees) note('series-tilted', 'warning', { degrees: tiltDegrees.toFixed(1) });
  if (grid.size[2] === 1) note('series-single-slice', 'warning', { spacing: distanceMm.toFixed(2) });
  if (obliqueDegrees > notableDegrees)
    note('series-oblique', 'info', { degrees: obliqueDegrees.toFixed(1), orientation });
  if (grid.size[2] > 1 && distanceMm > farApartMm)
    note('slices-far-apart', 'info', { spacing: distanceMm.toFixed(1) });
  return findings;
}
