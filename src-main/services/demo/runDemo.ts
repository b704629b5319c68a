/**
 * The whole way on phantom patients, with the same services and jobs as the commands: DICOM on disk → import → rank → train → release →
 * synthesize a held-out patient as DICOM → evaluate → report. The truth, which only a phantom has, is used to judge and never to train.
 */
import { join } from 'node:path';
import { z } from 'zod';
import type { JobEvent } from '../../shared/jobEvent.ts';
import type { EvaluationReport } from '../../workflows/evaluate/evaluationReport.ts';
import { writeReport } from '../../workflows/evaluate/writeReport.ts';
import { writeAtomically } from '../../workflows/files/writeAtomically.ts';
import type { PhantomManifest } from '../../workflows/phantom/phantomManifest.ts';
import { writePhantom } from '../../workflows/phantom/writePhantom.ts';
import { openEvaluator } from '../evaluation/openEvaluator.ts';
import { rankCohort } from '../cohort/rankCohort.ts';
import { importPaths } from '../importer/importPaths.ts';
import { loadStudyVolume } from '../importer/loadStudyVolume.ts';
import { startJob } from '../jobs/startJob.ts';
import { openWorkspace, type Workspace } from '../workspace/openWorkspace.ts';
import { demoCohort, holdOut, type DemoCase } from './demoCohort.ts';
import { drawDemoMontage } from './drawDemoMontage.ts';
import type { DemoPlan } from './demoPlan.ts';
import type { DemoResult } from './demoResult.ts';
import { howToGoOn, stepHeading, type DemoStepId } from './demoSteps.ts';
import { judgeWeights } from './judgeWeights.ts';
import { referencePoints } from './referencePoints.ts';

export interface DemoContext {
  /** Where the workspace is to be; it must hold nothing yet. */
  readonly workspaceDirectory: string;
  readonly onEvent: (event: JobEvent) => void;
  readonly signal: AbortSignal;
}

const trainResult = z.object({ run: z.string(), folder: z.string(), device: z.string(), status: z.string() });

/** Runs the demo. When it is stopped it says through `onEvent` how to go on and throws the signal's reason; else what its steps throw. */
export async function runDemo(plan: DemoPlan, context: DemoContext): Promise<DemoResult> {
  const { workspaceDirectory, onEvent, signal } = context;
  const clock = createClock(onEvent);
  const memory = createMemoryWatch();
  const progress = {
    signal,
    onProgress: (event: { step: string; done: number; total: number }) =>
      onEvent({ type: 'progress', ...event }),
  };
  let run: string | undefined;
  /** A job in its own process; one that was stopped throws. */
  const job = async (kind: string, params: object): Promise<unknown> => {
    const outcome = await startJob(
      { kind, params },
      {
        signal,
        onPeakMemory: memory.add,
        onEvent(event) {
          if (event.type === 'log' && typeof event.data?.['run'] === 'string') run = event.data['run'];
          onEvent(event);
        },
      },
    );
    signal.throwIfAborted();
    if (outcome.status === 'cancelled') throw new Error(`The job ${kind} ended without being asked to.`);
    return outcome.result;
  };

  try {
    const workspace = await openWorkspace(workspaceDirectory);
    const phantomDirectory = join(workspace.directory, 'phantom');

    clock.begin('phantom');
    const { cases: count, slices, sizePx, spacingMm, seed, misalignMm } = plan;
    const manifest = await writePhantom({
      ...{
        out: phantomDirectory,
        cases: count,
        slices,
        sizePx,
        spacingMm,
        seed,
        misalignMm,
        format: 'dicom',
      },
      ...progress,
    });

    clock.begin('import');
    const { cases, heldOut } = await importPhantom(workspace, manifest, phantomDirectory, plan, progress);

    clock.begin('rank');
    const { cases: ranked } = await rankCohort(workspace, { top: 0.11, ...progress });
    const rolesOf = (role: string): DemoCase[] =>
      cases.filter(({ caseId }) => ranked.find((one) => one.caseId === caseId)?.proposedRole === role);
    const meta = rolesOf('meta');
    onEvent({ type: 'log', level: 'info', message: describeMeta(meta) });

    clock.begin('train');
    const trained = trainResult.parse(
      await job('train', {
        workspace: workspace.directory,
        method: 'meta',
        preset: plan.preset,
        ...(plan.epochs === undefined ? {} : { epochs: plan.epochs }),
      }),
    );

    clock.begin('release');
    const model = join(workspace.modelsDirectory, trained.run);
    await job('export-model', { workspace: workspace.directory, run: trained.run, out: model });

    clock.begin('synthesize');
    const [patient] = heldOut;
    if (!patient) throw new RangeError('The demo needs at least one held-out case.');
    const dicomDirectory = join(workspace.exportsDirectory, `${patient.label}-sCT`);
    await job('synthesize', {
      workspace: workspace.directory,
      model,
      mr: patient.mrDirectory,
      out: dicomDirectory,
      format: 'dicom',
    });

    clock.begin('evaluate');
    const sct = await loadStudyVolume(dicomDirectory, { modality: 'CT', signal });
    const trueCt = await patient.readTrueCt();
    const labels = await patient.readLabels();
    const evaluator = await openEvaluator();
    const metrics: EvaluationReport = await evaluator
      .evaluate(
        {
          ct: { name: `the true CT of ${patient.label}`, volume: trueCt },
          sct: { name: patient.label, volume: sct.volume },
          mask: { name: 'inside the skin', volume: labels },
        },
        { signal },
      )
      .finally(() => evaluator.dispose());
    signal.throwIfAborted();
    const baselines = await referencePoints([...rolesOf('train'), ...meta], patient);
    signal.throwIfAborted();
    const weights = await judgeWeights(trained.folder, rolesOf('train'));
    signal.throwIfAborted();

    clock.begin('report');
    const folder = join(workspace.directory, 'report');
    const montage = join(folder, 'montage.png');
    const image = drawDemoMontage({
      patient: { label: patient.label, mr: await patient.readMr(), trueCt, sct: sct.volume, body: labels },
      metrics,
      baselines,
      weights,
      labelOf: (caseId) => cases.find((one) => one.caseId === caseId)?.label ?? caseId,
    });
    await writeAtomically(montage, image);
    const files = await writeReport(folder, metrics, image);
    const { near, all } = weights.alignment;
    const result: DemoResult = {
      workspace: workspace.directory,
      phantom: phantomDirectory,
      run: trained.run,
      model,
      device: trained.device,
      heldOut: patient.label,
      dicomDirectory,
      montage,
      report: files.html,
      metrics,
      baselines,
      weightAlignmentAuc: all.auc,
      weightAlignment: { ...all, nearEdges: near },
      ...clock.end(),
      peakMemoryMiB: memory.peakMiB(),
    };
    await writeAtomically(join(folder, 'demo.json'), `${JSON.stringify(result, null, 2)}\n`);
    return result;
  } catch (error) {
    if (signal.aborted)
      onEvent({
        type: 'log',
        level: 'info',
        message: howToGoOn(clock.step(), workspaceDirectory, run),
      });
    throw error;
  }
}

async function importPhantom(
  workspace: Workspace,
  manifest: PhantomManifest,
  phantomDirectory: string,
  { heldOut }: DemoPlan,
  options: Parameters<typeof importPaths>[2] & { readonly signal: AbortSignal },
): Promise<{ cases: DemoCase[]; heldOut: DemoCase[] }> {
  await importPaths([join(phantomDirectory, manifest.images)], workspace, options);
  options.signal.throwIfAborted();
  const cases = await demoCohort(workspace, manifest, phantomDirectory);
  if (cases.length !== manifest.cases.length)
    throw new Error(`Of ${manifest.cases.length} phantom patients ${cases.length} became cases.`);
  return { cases, heldOut: await holdOut(workspace, cases, heldOut) };
}

function describeMeta(meta: readonly DemoCase[]): string {
  const aligned = meta.filter((one) => one.aligned).length;
  return `For meta-validation: ${meta.map(({ label }) => label).join(', ')} (${aligned} of them well aligned in truth)`;
}

/** Announces steps and measures them, in seconds. */
function createClock(onEvent: (event: JobEvent) => void): {
  begin(id: DemoStepId): void;
  step(): DemoStepId;
  end(): { seconds: number; stepSeconds: Record<string, number> };
} {
  const startedAt = performance.now();
  const stepSeconds: Record<string, number> = {};
  let current: DemoStepId = 'phantom';
  let since = startedAt;
  const round = (milliseconds: number): number => Math.round(milliseconds / 100) / 10;
  const close = (): void => {
    stepSeconds[current] = round(performance.now() - since);
    since = performance.now();
  };
  return {
    begin(id) {
      if (id !== current) close();
      current = id;
      onEvent({ type: 'log', level: 'info', message: stepHeading(id) });
    },
    step: () => current,
    end() {
      close();
      return { seconds: round(performance.now() - startedAt), stepSeconds };
    },
  };
}

/** The most that can have been resident at once: this process and the largest of its workers, which run one at a time. */
function createMemoryWatch(): { add: (mebibytes: number) => void; peakMiB: () => number } {
  let worker = 0;
  return {
    add: (mebibytes) => (worker = Math.max(worker, mebibytes)),
    peakMiB: () => Math.round(process.resourceUsage().maxRSS / 1024 + worker),
  };
}
