/** Finds out which devices work here by trying each in a process of its own. */
import { toAppError } from '../../shared/toAppError.ts';
import { startJob } from '../jobs/startJob.ts';
import { deviceTable } from './deviceTable.ts';

export interface DeviceReport {
  readonly device: string;
  readonly title: string;
  readonly usable: boolean;
  /** Why it is not usable. */
  readonly reason?: string;
}

/** A device that has said nothing for this long does not work. */
const probeTimeoutMs = 30_000;

/** Tries every device of this platform, one after the other; never rejects for a device. */
export async function inspectDevices(): Promise<DeviceReport[]> {
  const reports: DeviceReport[] = [];
  for (const { device, title, platforms } of deviceTable) {
    if (platforms && !platforms.includes(process.platform)) continue;
    const problem = await tryDevice(device);
    reports.push({ device, title, usable: problem === undefined, ...(problem ? { reason: problem } : {}) });
  }
  return reports;
}

async function tryDevice(device: string): Promise<string | undefined> {
  try {
    const signal = AbortSignal.timeout(probeTimeoutMs);
    const { status } = await startJob({ kind: 'probe-device', params: { device } }, { signal, graceMs: 0 });
    return status === 'done' ? undefined : 'it did not answer in time';
  } catch (error) {
    const { code, details, message } = toAppError(error);
    return code === 'DEVICE_UNAVAILABLE' ? String(details['reason']) : message;
  }
}
