/** Devices as people write them. */
const names: Readonly<Record<string, string>> = {
  cpu: 'CPU',
  webgpu: 'WebGPU',
  cuda: 'CUDA',
  dml: 'DirectML',
  coreml: 'CoreML',
};

export function deviceName(name: string): string {
  return names[name] ?? name;
}
