/** Tiny real models for tests of synthesis: one filter over the channels, written as an ONNX file by the project's own encoder. */
import type { ModelCard } from '../../../../src-main/workflows/model/modelCard.ts';
import {
  encodeImageModel,
  openImageModel,
  type ImageModel,
} from '../../../../src-main/tensor/executors/onnx/onnxModel.ts';
import { conv2d } from '../../../../src-main/tensor/primitives/convolution.ts';
import { add } from '../../../../src-main/tensor/primitives/elementwise.ts';
import { constant, input } from '../../../../src-main/tensor/primitives/leaves.ts';

/** ONNX bytes of y = Σ weights[c] · x[c] + offset, pixel by pixel. */
export function linearModelBytes(weights: readonly number[], offset = 0): Uint8Array {
  const x = input('x', [1, weights.length, 32, 32]);
  const filter = constant(Float32Array.from(weights), [1, weights.length, 1, 1]);
  return encodeImageModel({ y: add(conv2d(x, filter), offset) }, { purpose: 'test' });
}

/** That model, opened on the CPU. */
export function openLinearModel(weights: readonly number[], offset = 0): Promise<ImageModel> {
  return openImageModel(linearModelBytes(weights, offset), 'cpu');
}

/** A card for it: intensities of the body from end to end become −1000…1000 HU. */
export function cardOf(input: Partial<ModelCard['input']> = {}): ModelCard {
  return {
    schemaVersion: 1,
    name: 'linear',
    version: '1',
    createdAt: '2026-01-01T00:00:00.000Z',
    weightHash: '0'.repeat(64),
    intendedUse: 'tests',
    input: {
      channels: 1,
      spacingMm: [2, 2],
      multipleOf: 4,
      mrPercentiles: [0, 100],
      trainingCropPx: [32, 32],
      ...input,
    },
    output: { lowHu: -1000, highHu: 1000 },
  };
}
