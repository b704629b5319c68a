/**
 * Asks a device to compute something: a 3×3 convolution of ones, whose centre is nine. Runs as a job, because a driver that
 * does not fit can end the process.
 */
import { z } from 'zod';
import { AppError } from '../../shared/appError.ts';
import { createOnnxExecutor, onnxProviders } from '../../tensor/executors/onnx/onnxExecutor.ts';
import { conv2d } from '../../tensor/primitives/convolution.ts';
import { input } from '../../tensor/primitives/leaves.ts';
import type { JobRunner } from '../jobs/jobRunner.ts';

const paramsSchema = z.object({ device: z.enum(onnxProviders) });

/** Job `probe-device`: resolves with the name of the executor that computed the right value; DEVICE_UNAVAILABLE otherwise. */
export const probeDevice: JobRunner = async (params) => {
  const { device } = paramsSchema.parse(params);
  const executor = createOnnxExecutor(device);
  try {
    const y = conv2d(input('x', [1, 1, 3, 3]), input('weight', [1, 1, 3, 3]));
    const program = await executor.compile({ y });
    const ones = new Float32Array(9).fill(1);
    const [value] = (await (await program.run({ x: ones, weight: ones }))['y']?.read()) ?? [];
    if (value !== 9) throw new Error(`it computed ${value ?? 'nothing'} where 9 is right`);
    return executor.name;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('DEVICE_UNAVAILABLE', { device, reason: oneLine(reason) }, { cause: error });
  } finally {
    await executor.dispose().catch(() => undefined);
  }
};

/** A runtime's message in one line, without the place in its sources and the closing full stop. */
function oneLine(text: string): string {
  return text
    .replace(/\s*\n\s*/g, ' ')
    .replace(/^\/.* was false\. /, '')
    .trim()
    .replace(/\.$/, '');
}
