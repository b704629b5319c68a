/** What the list of runs says of one: how far it is and whether it can go on, from its record, checkpoint header and lock alone. */
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import type { RunDetail, RunSummary } from '../../api/contract/training.ts';
import { AppError } from '../../shared/appError.ts';
import { fileExists } from '../../workflows/files/fileExists.ts';
import { readRecord } from '../../workflows/files/record.ts';
import { readSafetensorsMetadata } from '../../workflows/files/safetensorsMetadata.ts';
import { runRecordSchema, type RunPaths, type RunRecord } from '../../workflows/train/runFolder.ts';
import { stepPlan } from '../../workflows/train/stepPlan.ts';
import { trainedRoles } from '../../workflows/train/trainingRoles.ts';
import { runningProcess } from './runLock.ts';

/** The summary; a run whose record or checkpoint cannot be read is `broken`. */
export async function runSummary(paths: RunPaths): Promise<RunSummary> {
  try {
    const { config: _config, lastPixelHu: _lastPixelHu, ...summary } = await runDetail(paths);
    return summary;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { birthtime } = await stat(paths.folder);
    return {
      run: basename(paths.folder),
      createdAt: birthtime.toISOString(),
      method: '',
      preset: '',
      step: 0,
      totalSteps: 0,
      epochs: 0,
      status: 'broken',
      cases: { train: 0, meta: 0 },
    };
  }
}

/** Everything but the log. Throws RECORD_INVALID, SAFETENSORS_INVALID. */
export async function runDetail(paths: RunPaths): Promise<RunDetail> {
  const { runId, createdAt, config, cases } = await readRecord(paths.record, runRecordSchema);
  const { totalSteps, epochs } = plannedSteps({ config, cases });
  const saved = await checkpointStep(paths);
  const isRunning = (await runningProcess(paths.folder)) !== null;
  const last = await lastStep(paths);
  return {
    run: runId,
    createdAt,
    method: config.method,
    preset: config.preset,
    // A stopped run goes on from its checkpoint, whatever a killed one logged after it.
    step: isRunning ? (last?.step ?? saved) : saved,
    totalSteps,
    epochs,
    status: isRunning ? 'running' : saved >= totalSteps ? 'finished' : 'stopped',
    cases: { train: cases.train.length, meta: cases.meta.length },
    config,
    lastPixelHu: last?.pixelHu ?? null,
  };
}

function plannedSteps({ config, cases }: Pick<RunRecord, 'config' | 'cases'>): {
  totalSteps: number;
  epochs: number;
} {
  const slices = trainedRoles(config)
    .flatMap((role) => cases[role])
    .reduce((sum, { count }) => sum + count, 0);
  return stepPlan(config, slices);
}

async function checkpointStep({ checkpoint }: RunPaths): Promise<number> {
  if (!(await fileExists(checkpoint))) return 0;
  const step = Number((await readSafetensorsMetadata(checkpoint))['step']);
  return Number.isInteger(step) ? step : 0;
}

const stepSchema = z.object({ type: z.literal('step'), step: z.number(), pixelHu: z.number() });

/** More than a few log lines, so that the last step is in it. */
const tailBytes = 8192;

/** The last whole step line of the log. */
async function lastStep({ log }: RunPaths): Promise<{ step: number; pixelHu: number } | null> {
  if (!(await fileExists(log))) return null;
  const handle = await open(log, 'r');
  try {
    const { size } = await handle.stat();
    const bytes = new Uint8Array(Math.min(tailBytes, size));
    await handle.read(bytes, 0, bytes.length, size - bytes.length);
    const lines = new TextDecoder().decode(bytes).split('\n').reverse();
    return lines.map(parseStep).find((step) => step !== null) ?? null;
  } finally {
    await handle.close();
  }
}

function parseStep(line: string): { step: number; pixelHu: number } | null {
  try {
    return stepSchema.parse(JSON.parse(line));
  } catch {
    return null; // another kind of line, or a part of one
  }
}
