/** Opens the executor and device that a user named, and says what was chosen. */
import { listSupportedBackends } from 'onnxruntime-node';
import { AppError } from '../../shared/appError.ts';
import type { Executor } from '../executor.ts';
import { chooseProvider } from './chooseProvider.ts';
import { createOnnxExecutor, onnxProviders } from './onnx/onnxExecutor.ts';
import { probeProvider } from './probe/probeProvider.ts';
import { tfjsBackends } from './tfjs/tfjsBackends.ts';

export const executorKinds = ['onnx', 'tfjs'] as const;
export type ExecutorKind = (typeof executorKinds)[number];

export interface OpenExecutorOptions {
  readonly executor: ExecutorKind;
  /** One of `devicesOf(executor)`. */
  readonly device: string;
  /** Threads of ONNX Runtime's CPU provider; tfjs has no such choice. */
  readonly threads?: number;
}

export interface OpenedExecutor {
  readonly executor: Executor;
  /** The device it runs on. */
  readonly chosen: string;
  /** One sentence each: what was chosen, and why not the others. */
  readonly notes: readonly string[];
}

/** Names of devices that `--device` takes for an executor; `auto` looks for a device faster than the CPU. */
export function devicesOf(executor: ExecutorKind): readonly string[] {
  return ['auto', ...(executor === 'onnx' ? onnxProviders : tfjsBackends)];
}

/** Opens an executor. Throws DEVICE_UNKNOWN for a name that is none, DEVICE_UNAVAILABLE for a device that does not work here. */
export async function openExecutor(options: OpenExecutorOptions): Promise<OpenedExecutor> {
  return options.executor === 'onnx' ? openOnnx(options) : openTfjs(options);
}

async function openOnnx({ device, threads }: OpenExecutorOptions): Promise<OpenedExecutor> {
  const supported = listSupportedBackends().map(({ name }) => name);
  const { provider, notes } = await chooseProvider(deviceNamed(device, onnxProviders, 'onnx'), {
    supported,
    probe: probeProvider,
  });
  const executor = createOnnxExecutor(provider, threads === undefined ? {} : { threads });
  return { executor, chosen: provider, notes };
}

async function openTfjs({ device }: OpenExecutorOptions): Promise<OpenedExecutor> {
  const wanted = deviceNamed(device, tfjsBackends, 'tfjs');
  const { createTfjsExecutor } = await import('./tfjs/tfjsExecutor.ts');
  if (wanted !== 'auto') {
    const executor = await createTfjsExecutor(wanted);
    return { executor, chosen: wanted, notes: [`Running on tfjs ${wanted}, as asked.`] };
  }
  try {
    const executor = await createTfjsExecutor('node-gpu');
    return { executor, chosen: 'node-gpu', notes: ['Running on tfjs node-gpu, which is installed.'] };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const executor = await createTfjsExecutor('cpu');
    const reason = String(error.details['reason']);
    return { executor, chosen: 'cpu', notes: ['Running on tfjs cpu.', `Not node-gpu: ${reason}.`] };
  }
}

function deviceNamed<T extends string>(
  device: string,
  known: readonly T[],
  executor: ExecutorKind,
): T | 'auto' {
  const found = known.find((name) => name === device);
  if (found !== undefined) return found;
  if (device === 'auto') return 'auto';
  throw new AppError('DEVICE_UNKNOWN', { device, known: devicesOf(executor).join(', ') });
}
