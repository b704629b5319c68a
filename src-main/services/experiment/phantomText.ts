import type { PhantomCohortOptions } from '../../workflows/experiment/experimentFile.ts';
import type { ExperimentCohort } from './makeCohort.ts';

/** The report's sentence on its phantoms; a scan is told by digests, since its name may be a patient's. */
export function phantomText(options: PhantomCohortOptions, scan: ExperimentCohort['scan']): string {
  const { cases, testCases, misalignMm, alignedShare, variety, meta, seed } = options;
  const digests = scan ? ` (SHA-256 of the CT ${scan.ct}, of its masks ${scan.labels})` : '';
  const what = options.scan ? `Phantoms made of a segmented CT${digests}` : 'Phantoms';
  const chosen = meta === 'rank' ? 'by mutual information' : 'as known in truth';
  return `${what} (seed ${seed}): ${cases} to train on, misaligned by up to ${misalignMm} mm but for ${Math.round(100 * alignedShare)} %, meta set chosen ${chosen}, variety of contrast and noise ${variety}; ${testCases} to test on, perfectly aligned and never trained on.`;
}
