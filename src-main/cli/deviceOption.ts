/** `--device` of the commands that compute. */
import { deviceTable } from '../services/devices/deviceTable.ts';
import { AppError } from '../shared/appError.ts';

export const deviceFlags = '--device <device>';
export const deviceDescription = `where to compute: auto, ${deviceTable.map(({ device }) => device).join(', ')}`;

/** The device's name as given. Throws DEVICE_UNKNOWN with the known ones. */
export function parseDevice(device: string): string {
  const known = ['auto', ...deviceTable.map((row) => row.device)];
  if (!known.includes(device)) throw new AppError('DEVICE_UNKNOWN', { device, known: known.join(', ') });
  return device;
}
