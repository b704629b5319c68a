/** What is odd about a case's images, as far as their grids and records tell; what an import finds in single files is told by the import. */
import { affineAxes, affineSteps } from '../../shared/affine.ts';
import type { Finding } from '../../shared/finding.ts';
import { planeStack } from '../../shared/planeStack.ts';
import { sameGrid, type Grid } from '../../shared/volume.ts';
import { isRegistered } from '../workspace/isRegistered.ts';
import type { CaseRecord } from '../workspace/caseRecord.ts';
import { orientationOf } from './imageSummary.ts';

const notableDegrees = 0.5;
/** Slices further apart than this hide thin bone. */
const farApartMm = 5;

/** Findings about the images of `record`, whose grids are given where it has them. */
export function caseFindings(
  record: CaseRecord,
  grids: Readonly<Partial<Record<'mr' | 'ct', Grid>>>,
): Finding[] {
  const findings = (['mr', 'ct'] as const).flatMap((name) => {
    const grid = grids[name];
    return grid === undefined ? [] : gridFindings(grid, record[name]?.name ?? name);
  });
  const note = (code: string, severity: Finding['severity']): void => {
    findings.push({ code, severity, subject: record.caseId, details: {} });
  };
  if (grids.mr && grids.ct && !sameGrid(grids.mr, grids.ct)) note('ct-other-grid', 'info');
  if (!isRegistered(record)) note('ct-not-registered', 'warning');
  return findings;
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
