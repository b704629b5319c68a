/** Loads a display set whose files are found, after a look at whether it fits into memory. */
import { assembleVolume } from '../../formats/dicom/assembleVolume.ts';
import type { SeriesGroup } from '../../formats/dicom/groupSeries.ts';
import type { ComparedCopy } from '../../formats/dicom/readSlices.ts';
import type { Finding } from '../../shared/finding.ts';
import { checkMemory } from './checkMemory.ts';
import { errorFinding } from './errorFinding.ts';
import type { FileOutcome } from './importReport.ts';
import { incompleteSeries, type LostFile } from './incompleteSeries.ts';
import type { ImportFiles } from './openImportFiles.ts';
import type { LoadedImage } from './plannedCase.ts';

/** `lost` may hold slices of it. Rejects with VOLUME_TOO_LARGE and what `assembleVolume` and reading reject with. */
export async function loadSeries(
  group: SeriesGroup,
  read: ImportFiles['read'],
  lost: readonly LostFile[],
): Promise<LoadedImage> {
  checkMemory(group);
  const { copies, findings, ...loaded } = await assembleVolume(group, read);
  return {
    ...loaded,
    findings: [...findings, ...incompleteSeries(group, lost)],
    outcomes: copies.map(outcomeOf),
  };
}

function outcomeOf({ header: { name: path }, taken, verdict }: ComparedCopy): FileOutcome {
  const reason = (code: string, severity: Finding['severity']): Finding => ({
    code,
    severity,
    subject: path,
    details: { kept: taken },
  });
  if (verdict === 'taken') return { path, outcome: 'loaded' };
  if (verdict === 'same') return { path, outcome: 'merged', reason: reason('duplicate-instance', 'info') };
  if (verdict === 'different')
    return { path, outcome: 'skipped', reason: reason('duplicate-differs', 'warning') };
  return { path, outcome: 'failed', reason: errorFinding(verdict, path) };
}
