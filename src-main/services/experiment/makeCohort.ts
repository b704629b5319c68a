/**
 * The phantom cohort of an experiment, made once in a workspace of the experiment's own: misaligned and well-aligned patients to train on,
 * and perfectly aligned ones to test on, whose CT is the truth.
 */
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../../shared/appError.ts';
import type { JobEvent } from '../../shared/jobEvent.ts';
import type { OnProgress } from '../../shared/progress.ts';
import type { PhantomCohortOptions } from '../../workflows/experiment/experimentFile.ts';
import { fileExists } from '../../workflows/files/fileExists.ts';
import { readRecord } from '../../workflows/files/record.ts';
import { phantomManifestSchema } from '../../workflows/phantom/phantomManifest.ts';
import { writePhantom } from '../../workflows/phantom/writePhantom.ts';
import { rankCohort } from '../cohort/rankCohort.ts';
import { demoCohort, type DemoCase } from '../demo/demoCohort.ts';
import { importPaths } from '../importer/importPaths.ts';
import { loadSegmentedCt } from '../importer/loadSegmentedCt.ts';
import type { CohortCase } from '../workspace/cohort.ts';
import { openWorkspace, workspaceAt, type Workspace } from '../workspace/openWorkspace.ts';
import { cohortState, writeCohortState, type CohortState } from './cohortRecord.ts';

export interface ExperimentCohort {
  readonly workspace: Workspace;
  /** Phantoms to train on, with their truth; empty for patients. */
  readonly phantoms: readonly DemoCase[];
  /** Digests of the CT that they are made of and its masks; null where they are drawn, or nobody noted it. */
  readonly scan: { readonly ct: string; readonly labels: string } | null;
}

const groups = ['train', 'test'] as const;
type Group = (typeof groups)[number];

interface Progress {
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
  readonly onWarning: (message: string) => void;
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
  const workspace = await openWorkspace(phantomWorkspace(out).directory);
  if (state !== 'complete') {
    const progress: Progress = {
      signal,
      onProgress: (event) => onEvent({ type: 'progress', ...event }),
      onWarning: (message) => onEvent({ type: 'log', level: 'warning', message }),
    };
    await drawMissing(options, out, state, progress);
    for (const group of groups) {
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
  const folder = phantomFolder(out, 'train');
  const { scan } = await manifestOf(folder);
  return { workspace, phantoms: await casesOf(workspace, folder), scan: scan?.sha256 ?? null };
}

/** The workspace of the phantoms of the experiment in `out`, as it is. */
export const phantomWorkspace = (out: string): Workspace => workspaceAt(join(out, 'workspace'));

const phantomFolder = (out: string, group: Group): string => join(out, 'phantom', group);

const manifestOf = (folder: string) => readRecord(join(folder, 'phantom.json'), phantomManifestSchema);

async function casesOf(workspace: Workspace, folder: string): Promise<DemoCase[]> {
  return demoCohort(workspace, await manifestOf(folder), folder);
}

/** Draws the groups that are not there. A scan that cannot be read binds the folder to nothing. */
async function drawMissing(
  options: PhantomCohortOptions,
  out: string,
  state: CohortState,
  progress: Progress,
): Promise<void> {
  const { cases, testCases, seed, misalignMm, alignedShare, meta: _, scan: files, ...drawing } = options;
  const missing: Group[] = [];
  for (const group of groups)
    if (!(await fileExists(join(phantomFolder(out, group), 'phantom.json')))) missing.push(group);
  const scan = files && missing.length > 0 ? await loadSegmentedCt(files, progress) : undefined;
  if (state === 'none') await writeCohortState(out, options, 'begun');
  const common = {
    ...{ ...drawing, format: 'dicom' as const, ...progress },
    // One grid for both groups.
    ...(scan ? { scan, roomForMm: misalignMm } : {}),
  };
  for (const group of missing) {
    await writePhantom({
      ...common,
      out: phantomFolder(out, group),
      ...(group === 'train'
        ? { cases, seed, misalignMm, alignedShare }
        : { cases: testCases, seed: seed + testSeedStep, misalignMm: 0, firstNumber: cases + 1 }),
    });
    progress.signal.throwIfAborted();
  }
  const [train, test] = await Promise.all(groups.map((group) => manifestOf(phantomFolder(out, group))));
  if (!isDeepStrictEqual(train?.scan, test?.scan))
    throw new AppError('EXPERIMENT_INVALID', {
      path: out,
      reason: 'its CT or the masks changed while it was made; choose another folder with --out',
    });
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
