/**
 * The backends of tfjs that graphs may run on. `cpu` is plain JavaScript, always there. `node-gpu` is TensorFlow's own library with
 * CUDA; its package downloads that library when it is installed, so it is an optional peer, loaded only when asked for.
 */
import { createRequire } from 'node:module';
import nodeUtil from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { AppError } from '../../../shared/appError.ts';
import type { TfjsBackend } from './tfjsBackends.ts';

const nodeGpuPackage = '@tensorflow/tfjs-node-gpu';

/** The name under which each one is registered in tfjs. */
const registeredAs: Readonly<Record<TfjsBackend, string>> = { cpu: 'cpu', 'node-gpu': 'tensorflow' };

/** Loads a backend and returns its name in tfjs. Throws DEVICE_UNAVAILABLE with the reason when it cannot be had here. */
export async function loadBackend(backend: TfjsBackend): Promise<string> {
  tf.enableProdMode(); // else the CPU backend advertises tfjs-node on standard error
  if (backend === 'node-gpu') await loadNodeGpu();
  const name = registeredAs[backend];
  const ready = await tf.setBackend(name).catch(() => false);
  if (!ready) throw new AppError('DEVICE_UNAVAILABLE', { device: backend, reason: 'tfjs cannot start it' });
  return name;
}

async function loadNodeGpu(): Promise<void> {
  restoreRemovedUtil(nodeUtil);
  try {
    await import(nodeGpuPackage);
  } catch (error) {
    const missing = !isInstalled();
    const message = error instanceof Error ? error.message : String(error);
    const reason = missing
      ? `the optional package ${nodeGpuPackage}@${tf.version_core} is not installed`
      : `${nodeGpuPackage} does not load (${message.trim().split('\n')[0] ?? ''})`;
    throw new AppError('DEVICE_UNAVAILABLE', { device: 'node-gpu', reason }, { cause: error });
  }
}

function isInstalled(): boolean {
  try {
    createRequire(import.meta.url).resolve(nodeGpuPackage);
    return true;
  } catch {
    return false;
  }
}

/** Gives `node:util` back what Node 23 removed and tfjs-node 4.22 still calls in nearly every operation. */
export function restoreRemovedUtil(util: object): void {
  const removed = {
    isNullOrUndefined: (value: unknown): boolean => value === null || value === undefined,
    isArray: (value: unknown): boolean => Array.isArray(value),
  };
  for (const [name, replacement] of Object.entries(removed))
    if (!(name in util)) Object.assign(util, { [name]: replacement });
}
