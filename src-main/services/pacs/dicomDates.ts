/** Dates as DICOM has them (YYYYMMDD; ranges with a hyphen, PS3.4 section C.2.2.2.5) and as people and browsers do (YYYY-MM-DD). */

/** The range of `dateFrom` and `dateTo`, open where one is absent; empty for no limit. */
export function dateRange({ dateFrom, dateTo }: { dateFrom?: string; dateTo?: string }): string {
  const [from, to] = [dateFrom, dateTo].map((date) => date?.replaceAll('-', '') ?? '');
  if (!from && !to) return '';
  return from === to ? (from ?? '') : `${from}-${to}`;
}

/** `20261122` → `2026-11-22`; anything else as it is. */
export function isoDate(date: string): string {
  return date.replace(/^(\d{4})\.?(\d{2})\.?(\d{2})$/, '$1-$2-$3');
}
