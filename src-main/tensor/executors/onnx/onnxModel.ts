/**
 * ONNX models as files: writing one from a graph with free extents, and running any model with one image input and one image output.
 */
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import type { Shape, Tensor } from '../../tensor.ts';
import { lower } from './lower.ts';
import { encodeModel } from './onnxSchema.ts';
import type { OnnxProvider } from './onnxExecutor.ts';

/**
 * A model with one input and one output [n, c, h, w] whose batch, height and width are free. The graph must not depend on the extents it
 * was built with, beyond what `lower` knows how to keep free.
 */
export function encodeImageModel(
  outputs: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const freeAxes = { 0: 'batch', 2: 'height', 3: 'width' };
  return encodeModel(lower(outputs, { freeAxes, metadata }).graph);
}

export interface ImageModel {
  /** Runs x [n, c, h, w]; returns [n, c', h, w] values. */
  run(x: Float32Array, shape: Shape): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** Opens a model. Throws an Error with ONNX Runtime's reason when the bytes are no model with one input and one output. */
export async function openImageModel(bytes: Uint8Array, provider: OnnxProvider): Promise<ImageModel> {
  const session = await InferenceSession.create(bytes, {
    executionProviders: [provider],
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
  });
  const [inputName, ...moreInputs] = session.inputNames;
  const [outputName, ...moreOutputs] = session.outputNames;
  if (!inputName || !outputName || moreInputs.length + moreOutputs.length > 0) {
    await session.release();
    throw new Error(`it has ${session.inputNames.length} inputs and ${session.outputNames.length} outputs`);
  }
  return {
    async run(x, shape) {
      const results = await session.run({ [inputName]: new OrtTensor('float32', x, shape) });
      const value = results[outputName];
      if (!value || !(value.data instanceof Float32Array))
        throw new Error('its output holds no 32-bit floats');
      return value.data;
    },
    dispose: () => session.release(),
  };
}
