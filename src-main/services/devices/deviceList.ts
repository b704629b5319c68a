/** The devices of this machine, tried once (each in a process of its own) and remembered for as long as the program runs. */
import type { DeviceSummary } from '../../api/contract/models.ts';
import { inspectDevices, type DeviceReport } from './inspectDevices.ts';

export interface DeviceList {
  /** The first call takes seconds. */
  list(): Promise<DeviceSummary[]>;
  /** `auto` as `cpu` where it is known already that nothing else works, so that a job need not try the others again. */
  resolve(device: string): string;
}

export function createDeviceList(
  inspect: () => Promise<readonly DeviceReport[]> = inspectDevices,
): DeviceList {
  let known: Promise<DeviceSummary[]> | undefined;
  let isCpuAlone = false;
  return {
    list() {
      known ??= inspect().then((reports) =>
        reports.map(({ device, title, usable, note }) => ({ name: device, usable, title, note })),
      );
      known.then(
        (devices) => (isCpuAlone = devices.every(({ name, usable }) => name === 'cpu' || !usable)),
        // What failed for a reason of the moment (no memory for a process) is tried again when it is asked for again.
        () => (known = undefined),
      );
      return known;
    },
    resolve: (device) => (device === 'auto' && isCpuAlone ? 'cpu' : device),
  };
}
