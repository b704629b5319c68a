/** The devices a step can run on. A row without `platforms` exists everywhere. */
import type { OnnxProvider } from '../../tensor/executors/onnx/onnxExecutor.ts';

export interface DeviceRow {
  readonly device: OnnxProvider;
  readonly title: string;
  readonly platforms?: readonly NodeJS.Platform[];
}

export const deviceTable: readonly DeviceRow[] = [
  { device: 'cpu', title: 'CPU' },
  { device: 'webgpu', title: 'GPU through WebGPU' },
  { device: 'cuda', title: 'NVIDIA GPU through CUDA', platforms: ['linux', 'win32'] },
  { device: 'dml', title: 'GPU through DirectML', platforms: ['win32'] },
  { device: 'coreml', title: 'Apple GPU and neural engine through Core ML', platforms: ['darwin'] },
];
