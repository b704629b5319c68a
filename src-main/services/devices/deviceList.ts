/** The devices of this machine, tried once (each in a process of its own) and remembered for as long as the program runs. */
import type { DeviceSummary } from '../../api/contract.ts';
import { inspectDevices, type DeviceReport } from './inspectDevices.ts';

export interface DeviceList {
  /** The first call takes seconds. */
  list(): Promise<DeviceSummary[]>;
}

export function createDeviceList(
  inspect: () => Promise<readonly DeviceReport[]> = inspectDevices,
): DeviceList {
  let known: Promise<DeviceSummary[]> | undefined;
  return {
    list() {
      known ??= inspect().then((reports) =>
        reports.map(({ device, title, usable, note }) => ({
          name: device,
          usable,
          description: note === '' ? title : `${title}: ${note}`,
        })),
      );
      // What failed for a reason of the moment (no memory for a process) is tried again when it is asked for again.
      known.catch(() => (known = undefined));
      return known;
    },
  };
}
