/** What is odd about the images of a display set one by one: whose and which they are, and how they are meant to be shown. */
import type { Finding } from '../../shared/finding.ts';
import { nameFiles } from './nameFiles.ts';
import type { DicomHeader } from './readDicomHeader.ts';
import type { RepeatedUids } from './sameInstance.ts';

/** What the other images of an import tell of a display set. */
export interface SeriesFacts extends RepeatedUids {
  /** How many patients' images share the series' UID. */
  readonly patients: number;
  /** What told this part of the series from the others. */
  readonly splitBy: readonly string[];
}

/** Findings about `images`, which are called `label`. */
export function imageFindings(
  images: readonly DicomHeader[],
  label: string,
  { patients, splitBy, repeated }: SeriesFacts,
): Finding[] {
  const findings: Finding[] = [];
  const notice = (
    code: string,
    severity: Finding['severity'],
    which: readonly DicomHeader[],
    details: Finding['details'] = {},
  ): void => {
    if (which.length === 0) return;
    const told = { count: which.length, files: nameFiles(which), ...details };
    findings.push({ code, severity, subject: label, details: told });
  };
  if (patients > 1) notice('series-of-several-patients', 'error', images, { patients });
  if (splitBy.length > 0) notice('series-split', 'info', images, { reason: splitBy.join(', ') });
  if (images[0]?.seriesInstanceUid === '') notice('series-without-uid', 'warning', images);
  notice(
    'images-without-uid',
    'warning',
    images.filter(({ sopInstanceUid }) => sopInstanceUid === ''),
  );
  notice(
    'instance-uid-repeated',
    'warning',
    images.filter((header) => repeated.has(header)),
  );
  notice(
    'series-inverted',
    'warning',
    images.filter(({ shownInverted }) => shownInverted),
    { reason: 'MONOCHROME1' },
  );
  return findings;
}
