/**
 * The phantom cohort of an experiment, made once in a workspace of the experiment's own: misaligned and well-aligned patients to train on,
 * and perfectly aligned ones to test on, whose CT is the truth.
 */
import { join } from 'node:path';
import type { JobEvent } from '../../shared/jobEvent.ts';
import type { OnProgress } from '../../shared/progress.ts';
import type { PhantomCohortOptions } from '../../workflows/experiment/experimentFile.ts';
import { fileExists } from '../../workflows/files/fileExists.ts';
import { readRecord } from '../../workflows/files/record.ts';
import { phantomManifestSchema } from '../../workflows/phantom/phantomManifest.ts';
import { readSegmentedCt, type ReadSegmentedCt } from '../../workflows/phantom/readSegmentedCt.ts';
import { writePhantom } from '../../workflows/phantom/writePhantom.ts';
import { rankCohort } from '../cohort/rankCohort.ts';
import { demoCohort, type DemoCase } from '../demo/demoCohort.ts';
import { importPaths } from '../importer/importPaths.ts';
import { loadStudyVolume } from '../importer/loadStudyVolume.ts';
import type { CohortCase } from '../workspace/cohort.ts';
import { openWorkspace, type Workspace } from '../workspace/openWorkspace.ts';
import { cohortState, writeCohortState } from './cohortRecord.ts';

export interface ExperimentCohort {
  readonly workspace: Workspace;
  /** Phantoms to train on, with their truth; empty for patients. */
  readonly phantoms: readonly DemoCase[];
}

type Group = 'train' | 'test';

interface Progress {
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

/** Test patients are others than those of any usual seed. */
const testSeedStep = 1_000_003;

/**
 * Makes the cohort in `out`, or finds it there, whole or begun. Throws EXPERIMENT_INVALID for one of other options, DISK_FULL, and the
 * signal's reason; what is finished is found again.
 */
export async function makePhantomCohort(
  options: PhantomCohortOptions,
  out: string,
  { onEvent, signal }: { readonly onEvent: (event: JobEvent) => void; readonly signal: AbortSignal },
): Promise<ExperimentCohort> {
  const state = await cohortState(out, options);
  const workspace = await openWorkspace(join(out, 'workspace'));
  if (state !== 'complete') {
    if (state === 'none') await writeCohortState(out, options, 'begun');
    const progress: Progress = { signal, onProgress: (event) => onEvent({ type: 'progress', ...event }) };
    for (const group of ['train', 'test'] as const) {
      const folder = phantomFolder(out, group);
      if (!(await fileExists(join(folder, 'phantom.json')))) await draw(options, group, folder, progress);
      signal.throwIfAborted();
    }
    for (const group of ['train', 'test'] as const) {
      const folder = phantomFolder(out, group);
      if ((await casesOf(workspace, folder)).length === (await manifestOf(folder)).cases.length) continue;
      const { images } = await manifestOf(folder);
      await importPaths([join(folder, images)], workspace, progress);
      signal.throwIfAborted();
    }
    await assignRoles(workspace, out, options, progress);
    signal.throwIfAborted();
    await writeCohortState(out, options, 'complete');
  }
  return { workspace, phantoms: await casesOf(workspace, phantomFolder(out, 'train')) };
}

const phantomFolder = (out: string, group: Group): string => join(out, 'phantom', group);

const manifestOf = (folder: string) => readRecord(join(folder, 'phantom.json'), phantomManifestSchema);

async function casesOf(workspace: Workspace, folder: string): Promise<DemoCase[]> {
  return demoCohort(workspace, await manifestOf(folder), folder);
}

async function draw(
  options: PhantomCohortOptions,
  group: Group,
  out: string,
  progress: Progress,
): Promise<void> {
  const { cases, testCases, seed, misalignMm, alignedShare, meta: _, scan, ...drawing } = options;
  const common = {
    ...{ ...drawing, out, format: 'dicom' as const, ...progress },
    ...(scan ? { scan: await readScan(scan, progress) } : {}),
  };
  await writePhantom(
    group === 'train'
      ? { ...common, cases, seed, misalignMm, alignedShare }
      : { ...common, cases: testCases, seed: seed + testSeedStep, misalignMm: 0, firstNumber: cases + 1 },
  );
}

async function readScan(
  { ct, labels }: NonNullable<PhantomCohortOptions['scan']>,
  progress: Progress,
): Promise<ReadSegmentedCt> {
  const { volume } = await loadStudyVolume(ct, { modality: 'CT', ...progress });
  return readSegmentedCt(volume, labels, progress);
}

async function assignRoles(
  workspace: Workspace,
  out: string,
  { meta, alignedShare }: PhantomCohortOptions,
  progress: Progress,
): Promise<void> {
  const tested = new Set((await casesOf(workspace, phantomFolder(out, 'test'))).map(({ caseId }) => caseId));
  const aligned = new Set(
    (await casesOf(workspace, phantomFolder(out, 'train')))
      .filter((one) => one.aligned)
      .map(({ caseId }) => caseId),
  );
  const roleOf = (caseId: string): Pick<CohortCase, 'role' | 'reason'> => {
    if (tested.has(caseId)) return { role: 'test', reason: 'test set of the experiment' };
    return meta === 'aligned' && aligned.has(caseId)
      ? { role: 'meta', reason: 'well aligned in truth' }
      : { role: 'train' };
  };
  const cohort = await workspace.readCohort();
  await workspace.writeCohort({
    ...cohort,
    cases: cohort.cases.map(({ caseId }) => ({ caseId, ...roleOf(caseId) })),
  });
  if (meta === 'rank') await rankCohort(workspace, { top: alignedShare, ...progress });
}
