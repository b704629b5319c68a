/** What is odd in how a NIfTI file says where it lies. */
import type { Finding } from '../../shared/finding.ts';
import { readNiftiHeader } from './readNifti.ts';

/** Further apart than rounding to 32-bit numbers and quaternions puts two descriptions of one place, mm. */
const toleranceMm = 0.1;

/** Findings about the header of `bytes` (compressed or not). Throws what `readNiftiHeader` throws. */
export function niftiFindings(bytes: Uint8Array, path: string): Finding[] {
  const { used, apartMm } = readNiftiHeader(bytes, path).forms;
  if (used === 'pixdim')
    return [{ code: 'nifti-place-unknown', severity: 'warning', subject: path, details: {} }];
  if (apartMm <= toleranceMm) return [];
  const details = { distance: apartMm.toFixed(1) };
  return [{ code: 'nifti-forms-differ', severity: 'warning', subject: path, details }];
}
