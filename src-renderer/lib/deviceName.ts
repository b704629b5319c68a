/** Devices as people write them. */
import type { DeviceSummary } from '../../src-main/api/contract/models.ts';
import { knownText, phraseText } from './i18n.svelte.ts';

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

/** What a device is, and how it compares with the CPU or why it is not usable. */
export function deviceText({ title, note }: DeviceSummary): string {
  return note === '' ? knownText(title) : `${knownText(title)}: ${phraseText(note)}`;
}
