/** Turns a cohort into a run folder that `runTraining` can start from: prepared slices and `run.json`, all or nothing. */
import { createHash } from 'node:crypto';
import { profileRange } from '../../imaging/intensity/intensityProfile.ts';
import { AppError } from '../../shared/appError.ts';
import type { JobContext } from '../../shared/jobEvent.ts';
import type { MrFacts } from '../gate/mrFacts.ts';
import { trainingAcquisition } from '../gate/trainingAcquisition.ts';
import { writeRecord } from '../files/record.ts';
import { stageFolder } from '../files/stageFolder.ts';
import { prepareCase, type CaseVolumes } from './prepareCase.ts';
import { runPaths, runRecordSchema, type RunRecord } from './runFolder.ts';
import { cacheCase, type CachedCase } from './sliceCache.ts';
import type { TrainingConfig } from './trainingConfig.ts';
import { neededRoles, type TrainingRole } from './trainingRoles.ts';
import type { UsedNetwork } from './usedNetwork.ts';

export interface TrainingStudy {
  readonly caseId: string;
  readonly role: TrainingRole;
  readonly load: () => Promise<CaseVolumes>;
}

export interface PrepareRunInput {
  readonly folder: string;
  readonly runId: string;
  readonly config: TrainingConfig;
  readonly studies: readonly TrainingStudy[];
  /** What its feature losses will look through, as it is installed. */
  readonly networks: readonly UsedNetwork[];
  /** Named in COHORT_NO_META. */
  readonly cohortPath: string;
}

/** Whether the studies hold what the configuration needs. Throws COHORT_EMPTY, COHORT_NO_META. */
export function checkStudies(
  config: TrainingConfig,
  studies: readonly Pick<TrainingStudy, 'role'>[],
  cohortPath: string,
): void {
  const needed = neededRoles(config);
  const lacks = (wanted: TrainingRole): boolean =>
    needed.has(wanted) && !studies.some(({ role }) => role === wanted);
  if (lacks('train')) throw new AppError('COHORT_EMPTY');
  if (lacks('meta')) throw new AppError('COHORT_NO_META', { path: cohortPath });
}

/**
 * Prepares every study. Throws COHORT_EMPTY, COHORT_NO_META, OUTPUT_EXISTS, what loading throws, DISK_FULL; AbortError when asked to
 * stop. There is then no folder.
 */
export async function prepareRun(input: PrepareRunInput, context: JobContext): Promise<RunRecord> {
  const { config, studies, cohortPath } = input;
  const needed = neededRoles(config);
  const wanted = studies.filter(({ role }) => needed.has(role));
  checkStudies(config, studies, cohortPath);
  return stageFolder(input.folder, (staged) =>
    fillRun({ ...input, folder: staged, studies: wanted }, context),
  );
}

async function fillRun(
  { folder, runId, config, studies, networks }: PrepareRunInput,
  { onEvent, signal }: JobContext,
): Promise<RunRecord> {
  const paths = runPaths(folder);
  const cases: { train: CachedCase[]; meta: CachedCase[] } = { train: [], meta: [] };
  const facts: MrFacts[] = [];
  const fingerprint = createHash('sha256');
  for (const [done, { caseId, role, load }] of studies.entries()) {
    signal.throwIfAborted();
    onEvent({ type: 'progress', step: 'prepare', done, total: studies.length });
    const slices = prepareCase(await load(), config, caseId);
    const cached = await cacheCase(paths.cache, caseId, slices);
    cases[role].push(cached);
    facts.push(slices.facts);
    fingerprint.update(cached.sha256);
  }
  onEvent({ type: 'progress', step: 'prepare', done: studies.length, total: studies.length });
  const acquisition = trainingAcquisition(facts);
  const record: RunRecord = {
    schemaVersion: 2,
    runId,
    createdAt: new Date().toISOString(),
    config,
    cases,
    networks: [...networks],
    dataFingerprint: fingerprint.digest('hex'),
    intensityProfile: profileRange(facts.map(({ profile }) => profile)),
    ...(acquisition ? { acquisition } : {}),
  };
  await writeRecord(paths.record, runRecordSchema, record);
  return record;
}
