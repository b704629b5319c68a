/**
 * The steps of a series: import, synthesis behind the gate, export, sending. Every step is a job, the same as the window's, and is written
 * down before it begins, so that a node that was killed repeats a step at most and never skips one.
 */
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../shared/appError.ts';
import { fileExists } from '../../workflows/files/fileExists.ts';
import { timeStamp } from '../../workflows/files/timeStamp.ts';
import { appendAuditOnce } from '../audit/appendAuditOnce.ts';
import { freeExportPath, receiptPath } from '../exporter/freeExportPath.ts';
import { noteExport } from '../exporter/noteExport.ts';
import { startJob } from '../jobs/startJob.ts';
import { readSct } from '../library/readSct.ts';
import { sctDirectory } from '../library/sctRecord.ts';
import type { ModelLibrary } from '../models/modelLibrary.ts';
import { generateEntry } from '../synthesis/generateEntry.ts';
import { isOtherImage } from '../workspace/imageKey.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';
import type { NodeConfig, NodePeer } from './nodeConfig.ts';
import { receivedDirectory, seriesDirectory, type SeriesState } from './seriesState.ts';
import type { SeriesStore } from './seriesStore.ts';

export interface AdvanceContext {
  readonly config: NodeConfig;
  readonly workspace: Workspace;
  readonly models: Pick<ModelLibrary, 'pathOf'>;
  readonly store: SeriesStore;
  readonly secretOf: (peer: NodePeer) => Promise<string>;
  readonly signal: AbortSignal;
  readonly log: (seriesId: string, message: string) => void;
}

/** Something no further attempt would change; `status` is where the series stays. */
export class Ended extends Error {
  readonly status: 'held' | 'stopped' | 'failed';
  readonly reason: NonNullable<SeriesState['reason']>;

  constructor(status: Ended['status'], reason: Ended['reason']) {
    super(reason.text);
    this.status = status;
    this.reason = reason;
  }
}

/** The series was begun anew by further images, or the node is asked to stop: whoever calls leaves everything as it is. */
export class Interrupted extends Error {}

/** Notes what a step has found out; a step that succeeds begins the count of attempts anew. */
async function note(
  state: SeriesState,
  changes: Partial<SeriesState>,
  { store }: AdvanceContext,
): Promise<SeriesState> {
  const written = await store.update(state, changes);
  if (!written) throw new Interrupted();
  return written;
}

async function runStep(kind: string, params: object, { signal }: AdvanceContext): Promise<unknown> {
  const outcome = await startJob({ kind, params }, { signal });
  if (outcome.status === 'cancelled') throw new Interrupted();
  return outcome.result;
}

const importedSchema = z.object({
  cases: z.array(z.object({ caseId: z.string() })),
  outcomes: z.array(z.object({ reason: z.object({ code: z.string(), text: z.string() }).nullable() })),
});

export async function importImages(state: SeriesState, context: AdvanceContext): Promise<SeriesState> {
  const { workspace, log } = context;
  const { seriesId, caseId } = state;
  // Another series of the study may have taken its place in the case since.
  if (caseId !== undefined && (await holdsSeries(workspace, caseId, state))) return state;
  const received = receivedDirectory(workspace.directory, seriesId);
  const params = { workspace: workspace.directory, paths: [received], uploadFolder: received };
  const { cases, outcomes } = importedSchema.parse(await runStep('import', params, context));
  for (const { caseId: found } of cases) {
    if (!(await holdsSeries(workspace, found, state))) continue;
    log(seriesId, `imported as ${found}`);
    return note(state, { caseId: found, attempts: 0 }, context);
  }
  const reason = outcomes.find((one) => one.reason !== null)?.reason;
  throw new Ended('failed', reason ?? { code: 'NOTHING_IMPORTED', text: 'It holds no MR volume.' });
}

async function holdsSeries(
  workspace: Workspace,
  caseId: string,
  { seriesInstanceUid }: SeriesState,
): Promise<boolean> {
  const cases = await workspace.listCases();
  const found = cases.find((record) => record.caseId === caseId);
  return found?.mr?.source?.seriesInstanceUid === seriesInstanceUid;
}

export async function synthesize(state: SeriesState, context: AdvanceContext): Promise<SeriesState> {
  const { workspace, models, config, log } = context;
  const { seriesId, caseId = '', modelId = '' } = state;
  const isOutdated = await isOfOtherMr(state, workspace);
  const named =
    state.sctId === undefined || isOutdated
      ? await note(
          state,
          {
            sctId: `sct-${timeStamp()}-${randomBytes(2).toString('hex')}`,
            // Who released the old one has not seen what the gate says of the new.
            ...(isOutdated ? { released: false } : {}),
          },
          context,
        )
      : state;
  const sctId = named.sctId ?? '';
  if (!(await fileExists(sctDirectory(workspace, caseId, sctId)))) {
    const scratch = join(seriesDirectory(workspace.directory, seriesId), 'slices');
    const modelPath = await models.pathOf(modelId);
    const { device } = config;
    const params = { workspace: workspace.directory, caseId, sctId, modelId, modelPath, device, scratch };
    try {
      await runStep('generate', params, context);
    } catch (error) {
      const isStopped = error instanceof AppError && error.code === 'GATE_STOPPED';
      throw isStopped ? new Ended('stopped', { code: error.code, text: error.message }) : error;
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
    log(seriesId, `synthesized as ${sctId} by ${modelId}`);
  } else {
    // A node that was killed may have made it and not come to note it.
    await appendAuditOnce(workspace, await generateEntry(workspace, caseId, sctId));
  }
  const { gate } = await readSct(workspace, caseId, sctId);
  if (gate?.verdict === 'amber' && config.amber === 'hold' && !named.released) {
    throw new Ended('held', { code: 'GATE_AMBER', text: 'The domain gate is amber: it waits for a person.' });
  }
  return note(named, { attempts: 0 }, context);
}

/** Whether the case's MR has been replaced since the sCT was made: it can never be exported then. One that is exported is sent as it is. */
async function isOfOtherMr(
  { caseId = '', sctId, exportPath }: SeriesState,
  workspace: Workspace,
): Promise<boolean> {
  if (sctId === undefined || !(await fileExists(sctDirectory(workspace, caseId, sctId)))) return false;
  if (exportPath !== undefined && (await fileExists(receiptPath(exportPath)))) return false;
  const { madeFrom } = await readSct(workspace, caseId, sctId);
  return isOtherImage(madeFrom, await workspace.readCase(caseId), 'mr');
}

export async function exportSct(state: SeriesState, context: AdvanceContext): Promise<SeriesState> {
  const { workspace } = context;
  const { caseId = '', sctId = '' } = state;
  const named =
    state.exportPath === undefined
      ? await note(
          state,
          { exportPath: await freeExportPath(workspace.exportsDirectory, `${caseId}-${sctId}`) },
          context,
        )
      : state;
  const out = named.exportPath ?? '';
  if (await fileExists(receiptPath(out))) {
    // Here, too, the note may be all that is missing.
    await noteExport(workspace, { caseId, sctId, out }, appendAuditOnce);
    return named;
  }
  // Without its receipt it was never called done, nor sent.
  await rm(out, { recursive: true, force: true });
  const createdAt = new Date().toISOString();
  const params = { workspace: workspace.directory, caseId, sctId, format: 'dicom', out, createdAt };
  await runStep('export', params, context);
  return note(named, { attempts: 0 }, context);
}

export async function send(state: SeriesState, context: AdvanceContext): Promise<SeriesState> {
  const { config, secretOf, log } = context;
  const { seriesId, exportPath: path = '', destinations = [] } = state;
  let now = state;
  const unknown: string[] = [];
  for (const name of destinations) {
    if (now.sentTo.includes(name)) continue;
    const node = config.destinations.find((one) => one.name === name);
    if (!node) {
      unknown.push(name);
      continue;
    }
    const { aeTitle, port, host } = config.receiver;
    const { secretFile: _file, ...peer } = { secretFile: undefined, ...node };
    const local = { aeTitle, port, host };
    const secret = await secretOf(node);
    const { directory } = context.workspace;
    await runStep('send', { node: peer, local, secret, path, workspace: directory }, context);
    log(seriesId, `sent to ${name}, every image acknowledged`);
    now = await note(now, { sentTo: [...now.sentTo, name], attempts: 0 }, context);
  }
  if (unknown.length > 0) {
    const text = `The configuration has no destination ${unknown.join(', ')} any more: name it there again, then retry.`;
    throw new Ended('failed', { code: 'DESTINATION_UNKNOWN', text });
  }
  return now;
}

/** Whether every destination has acknowledged everything. */
export function isSent({ destinations = [], sentTo }: SeriesState): boolean {
  return destinations.length > 0 && destinations.every((name) => sentTo.includes(name));
}

/** What was received and exported is kept until everyone has acknowledged; case, sCT and receipt stay in the library. */
export async function finish(state: SeriesState, { workspace, store }: AdvanceContext): Promise<SeriesState> {
  if (!isSent(state)) throw new RangeError(`Series ${state.seriesId} is not sent to everyone.`);
  const { nextAttemptAt: _next, reason: _reason, ...rest } = state;
  const done: SeriesState = { ...rest, status: 'done' };
  await store.change(state.seriesId, async (now) => {
    if (now?.round !== state.round) return undefined;
    await rm(receivedDirectory(workspace.directory, state.seriesId), { recursive: true, force: true });
    if (state.exportPath !== undefined) await rm(state.exportPath, { recursive: true, force: true });
    return done;
  });
  return done;
}
