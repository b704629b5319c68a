/**
 * Tries a provider of ONNX Runtime on a small training step, and times it beside the CPU. A native provider may abort the process that
 * tries it, so this runs in a process of its own (`probeChild.ts`).
 */
import { createOnnxExecutor, type OnnxProvider } from '../onnx/onnxExecutor.ts';
import { probeGraph, type ProbeGraph } from './probeGraph.ts';

export interface ProviderMeasurement {
  /** Largest difference from the CPU's gradient, relative to its largest element. */
  readonly difference: number;
  /** Best time of a few runs, ms, of the same graph on the provider and on the CPU. */
  readonly deviceMs: number;
  readonly cpuMs: number;
}

/** A device this many times slower than the CPU on the small graph is not timed on the large one: that would take minutes. */
const hopelesslySlow = 100;

/** Runs the probe on `provider` and on the CPU. Rejects with ONNX Runtime's error when the provider cannot run it. */
export async function measureProvider(provider: OnnxProvider): Promise<ProviderMeasurement> {
  const small = await compare(provider, probeGraph(16, 32));
  if (small.deviceMs > hopelesslySlow * small.cpuMs) return small;
  const { deviceMs, cpuMs, difference } = await compare(provider, probeGraph(128, 96));
  return { deviceMs, cpuMs, difference: Math.max(small.difference, difference) };
}

async function compare(provider: OnnxProvider, graph: ProbeGraph): Promise<ProviderMeasurement> {
  const onCpu = await run('cpu', graph);
  const onDevice = await run(provider, graph);
  const scale = onCpu.gradient.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const difference = onCpu.gradient.reduce((worst, value, at) => {
    const apart = Math.abs(value - (onDevice.gradient[at] ?? NaN)) / scale;
    return Math.max(worst, Number.isNaN(apart) ? Infinity : apart);
  }, 0);
  return { difference, deviceMs: onDevice.milliseconds, cpuMs: onCpu.milliseconds };
}

/** The gradient and the best of three runs after a first one that compiles shaders and plans memory. */
async function run(
  provider: OnnxProvider,
  { outputs, feeds }: ProbeGraph,
): Promise<{ readonly gradient: Float32Array; readonly milliseconds: number }> {
  const executor = createOnnxExecutor(provider);
  const program = await executor.compile(outputs, { resident: ['gradient'] });
  let milliseconds = Infinity;
  let gradient = new Float32Array();
  for (let attempt = 0; attempt < 4; attempt++) {
    const start = performance.now();
    const { loss, gradient: handle } = await program.run(feeds);
    await loss?.read(); // the run is over when its result can be read
    if (attempt > 0) milliseconds = Math.min(milliseconds, performance.now() - start);
    gradient = Float32Array.from((await handle?.read()) ?? []);
    loss?.dispose();
    handle?.dispose();
  }
  await executor.dispose();
  return { gradient, milliseconds };
}
