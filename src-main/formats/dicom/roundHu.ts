/** HU as a DICOM CT holds them: integers of 16 bits. */
import { AppError } from '../../shared/appError.ts';
import type { Finding } from '../../shared/finding.ts';
import type { Volume } from '../../shared/volume.ts';

/**
 * Rounds HU to the nearest integer (halves upwards) and clips them to −32768…32767, with a finding when a value was clipped.
 * Throws VOLUME_NOT_FINITE, VOLUME_EMPTY.
 */
export function roundHu({ grid, data }: Volume): { hu: Volume<Int16Array>; findings: Finding[] } {
  if (data.length === 0) throw new AppError('VOLUME_EMPTY', { path: 'The synthetic CT' });
  const rounded = new Int16Array(data.length);
  let clipped = 0;
  let broken = 0;
  data.forEach((value: number, at: number) => {
    const nearest = Math.round(value);
    if (Number.isNaN(nearest)) broken++;
    else if (nearest < -32768 || nearest > 32767) clipped++;
    rounded[at] = Math.min(32767, Math.max(-32768, nearest));
  });
  if (broken > 0) throw new AppError('VOLUME_NOT_FINITE', { path: 'The synthetic CT', count: broken });
  const findings: Finding[] =
    clipped > 0
      ? [{ code: 'hu-clipped', severity: 'warning', subject: 'sCT', details: { count: clipped } }]
      : [];
  return { hu: { grid, data: rounded }, findings };
}
