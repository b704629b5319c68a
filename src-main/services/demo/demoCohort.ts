/** Joins a phantom's manifest with the cases it became in a workspace: who is who, and where the truth lies. */
import { join } from 'node:path';
import type { Volume } from '../../shared/volume.ts';
import { readVolumeFile } from '../../workflows/files/volumeFile.ts';
import type { PhantomManifest } from '../../workflows/phantom/phantomManifest.ts';
import type { CohortCase } from '../workspace/cohort.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';

export interface DemoCase {
  readonly caseId: string;
  /** The phantom's name, which is its PatientID. */
  readonly label: string;
  readonly aligned: boolean;
  /** Folder of the MR as DICOM. */
  readonly mrDirectory: string;
  readonly readMr: () => Promise<Volume>;
  /** As given: misaligned unless `aligned`. */
  readonly readCt: () => Promise<Volume>;
  /** On the anatomy of the MR. */
  readonly readTrueCt: () => Promise<Volume>;
  readonly readLabels: () => Promise<Volume>;
}

/** Every phantom that was imported, in the manifest's order. Throws what the workspace throws. */
export async function demoCohort(
  workspace: Workspace,
  { cases }: PhantomManifest,
  phantomDirectory: string,
): Promise<DemoCase[]> {
  const records = await workspace.listCases();
  return cases.flatMap(({ label, patientId, aligned, mr, truth }): DemoCase[] => {
    const record = records.find((one) => one.label === patientId);
    if (!record) return [];
    const { caseId } = record;
    return [
      {
        caseId,
        label,
        aligned,
        mrDirectory: join(phantomDirectory, mr),
        readMr: () => workspace.readVolume(caseId, 'mr'),
        readCt: () => workspace.readVolume(caseId, 'ct'),
        readTrueCt: () => readVolumeFile(join(phantomDirectory, truth.ct)),
        readLabels: () => readVolumeFile(join(phantomDirectory, truth.labels)),
      },
    ];
  });
}

/** Marks the last `count` misaligned cases as `test` in the cohort file and returns them. */
export async function holdOut(
  workspace: Workspace,
  cases: readonly DemoCase[],
  count: number,
): Promise<DemoCase[]> {
  const chosen = cases.filter(({ aligned }) => !aligned).slice(-count);
  const cohort = await workspace.readCohort();
  const isChosen = ({ caseId }: CohortCase): boolean => chosen.some((one) => one.caseId === caseId);
  await workspace.writeCohort({
    ...cohort,
    cases: cohort.cases.map((entry) =>
      isChosen(entry) ? { ...entry, role: 'test', reason: 'held out by the demo' } : entry,
    ),
  });
  return chosen;
}
