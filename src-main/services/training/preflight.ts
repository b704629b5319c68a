/** Whether a run can start, before anything is prepared: configuration, cohort, feature networks, device, disk and memory, from headers alone. */
import { statfs } from 'node:fs/promises';
import type { Preflight, RunRequest } from '../../api/contract/training.ts';
import { AppError } from '../../shared/appError.ts';
import type { Finding } from '../../shared/finding.ts';
import { methodParts } from '../../shared/trainingMethods.ts';
import { runSize } from '../../workflows/train/runSize.ts';
import { stepPlan } from '../../workflows/train/stepPlan.ts';
import { makeTrainingConfig, type TrainingConfig } from '../../workflows/train/trainingConfig.ts';
import { neededRoles, trainedRoles } from '../../workflows/train/trainingRoles.ts';
import type { DeviceList } from '../devices/deviceList.ts';
import { findingBody } from '../findings/findingBody.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';
import { missingFeatureNetworks } from './featureWeights.ts';
import { cohortSlices, type CohortSlices } from './cohortSlices.ts';

export interface PreflightFacts {
  readonly workspace: Workspace;
  readonly devices: DeviceList;
  /** The device of the settings, for requests that name none. */
  readonly defaultDevice: () => Promise<string>;
  /** Memory that programs may still take. */
  readonly freeMemoryMiB?: () => number;
}

const availableMemoryMiB = (): number => Math.round(process.availableMemory() / 2 ** 20);

/** Makes the check. Problems are data; what throws is a workspace that cannot be read at all. */
export function createPreflight({
  workspace,
  devices,
  defaultDevice,
  freeMemoryMiB = availableMemoryMiB,
}: PreflightFacts): (request: RunRequest) => Promise<Preflight> {
  return async (request) => {
    const problems: Finding[] = [];
    const note = (code: string, details: Finding['details'] = {}): void => {
      problems.push({ code, severity: 'error', subject: 'run', details });
    };
    const device = request.device ?? (await defaultDevice());
    const config = configOf(request, (reason) => note('preflight-config', { reason }));
    const slices = await slicesOf(workspace, (reason) => note('preflight-cohort', { reason }));
    const needed = neededRoles(config ?? asMethodHasIt(request.method));
    if (slices && slices.train === 0 && needed.has('train')) note('preflight-no-train');
    if (slices && slices.meta === 0 && needed.has('meta')) note('preflight-no-meta');
    for (const name of config ? await missingFeatureNetworks(config) : [])
      note('preflight-weights', { name });
    const reason = await whyUnusable(devices, device);
    if (reason !== null) note('preflight-device', { device, reason });

    const { train = 0, meta = 0, largestCaseVoxels = 0 } = slices ?? {};
    const of = { train, meta };
    const trained = trainedRoles(config ?? asMethodHasIt(request.method)).reduce(
      (sum, role) => sum + of[role],
      0,
    );
    const counted = {
      train: needed.has('train') ? train : 0,
      meta: needed.has('meta') ? meta : 0,
      largestCaseVoxels,
    };
    const size = config && runSize(config, counted);
    const free = freeMemoryMiB();
    if (size && size.memoryMiB > free) note('preflight-memory', { needed: size.memoryMiB, free });
    const freeDisk = await freeDiskMiB(workspace.runsDirectory);
    if (size && size.diskMiB > freeDisk) note('preflight-disk', { needed: size.diskMiB, free: freeDisk });
    return {
      problems: problems.map(findingBody),
      neededMiB: size?.memoryMiB ?? 0,
      freeMiB: free,
      device,
      steps: config && trained > 0 ? stepPlan(config, trained).totalSteps : 0,
      trainSlices: trained,
      metaSlices: counted.meta,
    };
  };
}

/** What is known of a run whose configuration cannot be used. */
function asMethodHasIt(method: RunRequest['method']): Parameters<typeof neededRoles>[0] {
  return { trainOn: 'all', cleanInTraining: false, parts: methodParts[method] };
}

function configOf(
  { method, preset, differences }: RunRequest,
  refuse: (reason: string) => void,
): TrainingConfig | null {
  try {
    return makeTrainingConfig(method, preset, differences ?? {});
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    refuse(String(error.details['reason'] ?? error.message));
    return null;
  }
}

async function slicesOf(
  workspace: Workspace,
  refuse: (reason: string) => void,
): Promise<CohortSlices | null> {
  try {
    return await cohortSlices(workspace);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    refuse(error.message);
    return null;
  }
}

/** Null for a device that works; `auto` and the CPU always do, and are not worth the wait for the others. */
async function whyUnusable(devices: DeviceList, device: string): Promise<string | null> {
  if (device === 'auto' || device === 'cpu') return null;
  const found = (await devices.list()).find(({ name }) => name === device);
  if (!found) return 'this machine has no such device.';
  return found.usable ? null : found.note;
}

async function freeDiskMiB(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return Math.round((bavail * bsize) / 2 ** 20);
}
