/** Finds out which devices work here by trying each in a process of its own. */
import { AppError } from '../../shared/appError.ts';
import { chooseProvider } from '../../tensor/executors/chooseProvider.ts';
import type { OnnxProvider } from '../../tensor/executors/onnx/onnxExecutor.ts';
import { probeProvider } from '../../tensor/executors/probe/probeProvider.ts';
import { deviceTable } from './deviceTable.ts';

export interface DeviceReport {
  readonly device: string;
  readonly title: string;
  readonly usable: boolean;
  /** How it compares with the CPU, or why it is not usable. */
  readonly note: string;
}

/** Tries every device of this platform, one after the other; never rejects for a device. */
export async function inspectDevices(): Promise<DeviceReport[]> {
  const reports: DeviceReport[] = [];
  for (const { device, title, platforms } of deviceTable) {
    if (platforms && !platforms.includes(process.platform)) continue;
    reports.push({ device, title, ...(await tryDevice(device)) });
  }
  return reports;
}

async function tryDevice(device: OnnxProvider): Promise<Pick<DeviceReport, 'usable' | 'note'>> {
  if (device === 'cpu') {
    const outcome = await probeProvider('cpu');
    if (outcome.status === 'failed') return { usable: false, note: outcome.reason };
    return { usable: true, note: `${outcome.cpuMs.toFixed(0)} ms for a small training step` };
  }
  try {
    const { notes } = await chooseProvider(device, { supported: [device], probe: probeProvider });
    return { usable: true, note: notes[0] ?? '' };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { usable: false, note: String(error.details['reason']) };
  }
}
