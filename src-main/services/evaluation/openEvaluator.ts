/**
 * Evaluates synthetic CTs with every metric there is: those of the voxels, and LPIPS through each network whose weights are installed. A
 * metric whose weights are not installed is named with the command that installs them.
 */
import { lpipsBackbones, lpipsLinSpecs, lpipsTrunkSpecs, type LpipsBackbone } from '../../learn/lpips.ts';
import type { StopSignal } from '../../shared/jobEvent.ts';
import type { OnProgress } from '../../shared/progress.ts';
import { openExecutor, type OpenedExecutor } from '../../tensor/executors/openExecutor.ts';
import { evaluateVolumes, type EvaluationInput } from '../../workflows/evaluate/evaluateVolumes.ts';
import type { EvaluationReport, LpipsFigure } from '../../workflows/evaluate/evaluationReport.ts';
import { lpipsOfVolumes } from '../../workflows/evaluate/lpipsOfVolumes.ts';
import { lpipsTitle } from '../../workflows/evaluate/lpipsTitle.ts';
import { onCtGrid } from '../../workflows/evaluate/onCtGrid.ts';
import { readInstalledWeights } from '../weights/readInstalledWeights.ts';
import type { WeightsName } from '../weights/weightsCatalogue.ts';
import { weightsDirectory } from '../weights/weightsDirectory.ts';
import { isPublished, readWeightsRecord, type WeightsRecord } from '../weights/weightsRecord.ts';

export interface EvaluatorOptions {
  /** Where LPIPS is computed. */
  readonly device?: string;
  readonly directory?: string;
}

export interface Evaluator {
  /** Networks that LPIPS is measured with. */
  readonly backbones: readonly LpipsBackbone[];
  readonly notInstalled: EvaluationReport['notInstalled'];
  /** SHA-256 of the files that LPIPS' weights were taken from; empty without any. */
  readonly weights: readonly string[];
  /** Throws VOLUME_NOT_FINITE, VOLUME_EMPTY, and the signal's reason. */
  evaluate(
    input: EvaluationInput,
    options?: { readonly signal?: StopSignal; readonly onProgress?: OnProgress },
  ): Promise<EvaluationReport>;
  dispose(): Promise<void>;
}

const trunkOf: Readonly<Record<LpipsBackbone, WeightsName>> = { alex: 'alexnet', vgg: 'vgg16' };

/** Looks for installed weights; they are read, and the device opened, when they are first needed. Throws RECORD_INVALID. */
export async function openEvaluator({
  device = 'cpu',
  directory = weightsDirectory(),
}: EvaluatorOptions = {}): Promise<Evaluator> {
  const installed = new Map<LpipsBackbone, readonly WeightsRecord[]>();
  const notInstalled: EvaluationReport['notInstalled'] = [];
  for (const backbone of lpipsBackbones) {
    const { records, missing } = await packagesOf(backbone, directory);
    if (missing.length === 0) installed.set(backbone, records);
    else
      notInstalled.push({
        metric: lpipsTitle(backbone),
        install: `ilium weights install ${missing.join(' ')}`,
      });
  }
  const weights = new Map<LpipsBackbone, Promise<Map<string, Float32Array>>>();
  const weightsOf = (backbone: LpipsBackbone): Promise<Map<string, Float32Array>> => {
    const known = weights.get(backbone) ?? readWeights(backbone, directory);
    weights.set(backbone, known);
    return known;
  };
  let opened: Promise<OpenedExecutor> | undefined;
  return {
    backbones: [...installed.keys()],
    notInstalled,
    weights: [...installed.values()].flat().flatMap(({ sources }) => sources.map(({ sha256 }) => sha256)),
    async evaluate(input, options = {}) {
      const figures = evaluateVolumes(input);
      const lpips: LpipsFigure[] = [];
      for (const [backbone, records] of installed) {
        opened ??= openExecutor({ executor: 'onnx', device });
        const { executor } = await opened;
        const measuring = { ...options, weights: await weightsOf(backbone) };
        const figure = await lpipsOfVolumes(onCtGrid(input), backbone, executor, measuring);
        lpips.push({ ...figure, published: records.every(isPublished) });
      }
      return { ...figures, lpips, notInstalled };
    },
    async dispose() {
      await (await opened)?.executor.dispose();
    },
  };
}

/** The packages that LPIPS through `backbone` needs: those that are installed and those that are not. */
async function packagesOf(
  backbone: LpipsBackbone,
  directory: string,
): Promise<{ readonly records: readonly WeightsRecord[]; readonly missing: readonly WeightsName[] }> {
  const records: WeightsRecord[] = [];
  const missing: WeightsName[] = [];
  for (const name of ['lpips', trunkOf[backbone]] as const) {
    const record = await readWeightsRecord(directory, name);
    if (record) records.push(record);
    else missing.push(name);
  }
  return { records, missing };
}

async function readWeights(backbone: LpipsBackbone, directory: string): Promise<Map<string, Float32Array>> {
  const names = lpipsTrunkSpecs(backbone).map(({ name }) => name);
  const weights = await readInstalledWeights(trunkOf[backbone], names, directory);
  const lins = lpipsLinSpecs(backbone).map(({ name }) => name);
  const stored = lins.map((name) => `${backbone}.${name}`);
  const found = await readInstalledWeights('lpips', stored, directory);
  for (const name of lins) {
    const values = found.get(`${backbone}.${name}`);
    if (values) weights.set(name, values);
  }
  return weights;
}
