/** What `ilium doctor` reports: versions, machine, devices, network weights, workspace. Changes nothing. */
import { readFile, readdir, stat, statfs } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import packageRecord from '../../../package.json' with { type: 'json' };
import { listWeights, type ListedWeights } from '../weights/listWeights.ts';
import { inspectDevices, type DeviceReport } from './inspectDevices.ts';

export interface WorkspaceReport {
  readonly directory: string;
  readonly exists: boolean;
  readonly cases: number;
  /** Free space where the workspace is or would be; null when it cannot be told. */
  readonly freeGiB: number | null;
}

export interface InstallationReport {
  readonly versions: Readonly<Record<'ilium' | 'node' | 'onnxruntime-node' | 'tfjs-node-gpu', string>>;
  readonly machine: {
    readonly platform: string;
    readonly processor: string;
    readonly cores: number;
    readonly memoryGiB: number;
  };
  readonly devices: readonly DeviceReport[];
  readonly weights: readonly ListedWeights[];
  readonly workspace: WorkspaceReport;
}

const gibibyte = 2 ** 30;
const round1 = (value: number): number => Math.round(value * 10) / 10;

/** Inspects this installation and the workspace in `directory`, which need not exist. */
export async function inspectInstallation(directory: string): Promise<InstallationReport> {
  return {
    versions: {
      ilium: packageRecord.version,
      node: process.versions.node,
      'onnxruntime-node': await installedVersion('onnxruntime-node'),
      'tfjs-node-gpu': await installedVersion('@tensorflow/tfjs-node-gpu'),
    },
    machine: {
      platform: `${process.platform} ${process.arch}`,
      processor: cpus()[0]?.model.trim() ?? 'unknown',
      cores: availableParallelism(),
      memoryGiB: round1(totalmem() / gibibyte),
    },
    devices: await inspectDevices(),
    weights: await listWeights(),
    workspace: await inspectWorkspace(directory),
  };
}

async function installedVersion(name: string): Promise<string> {
  try {
    const path = createRequire(import.meta.url).resolve(`${name}/package.json`);
    const { version } = z.object({ version: z.string() }).parse(JSON.parse(await readFile(path, 'utf8')));
    return version;
  } catch {
    return 'not installed';
  }
}

async function inspectWorkspace(directory: string): Promise<WorkspaceReport> {
  const exists = await stat(directory).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const cases = await readdir(join(directory, 'cases')).then(
    (names) => names.filter((name) => !name.startsWith('.')).length,
    () => 0,
  );
  return { directory, exists, cases, freeGiB: await freeSpace(directory) };
}

/** Free GiB of the file system of `directory` or of its nearest parent that exists. */
async function freeSpace(directory: string): Promise<number | null> {
  for (let at = directory; ; at = join(at, '..')) {
    const found = await statfs(at).catch(() => null);
    if (found) return round1((found.bavail * found.bsize) / gibibyte);
    if (join(at, '..') === at) return null;
  }
}
