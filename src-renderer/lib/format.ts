/** Numbers, sizes, times and dates as the current language writes them; a true minus sign, tabular where figures change. */
import { language, t } from './i18n.svelte.ts';

/** A number with a fixed number of decimals. */
export function formatNumber(value: number, decimals = 0): string {
  const text = new Intl.NumberFormat(language.locale, {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  }).format(value);
  return (/[1-9]/.test(text) ? text : text.replace('-', '')).replace('-', '−');
}

/** So many digits that count, and no more decimals than that takes: `0.044`, `286`; below a thousandth `1.2e−5`. */
export function formatFigures(value: number, digits: number): string {
  const exponent = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  if (exponent < -3) {
    const factor = formatNumber(value / 10 ** exponent, digits - 1).replace(/[.,]0+$/, '');
    return `${factor}e${formatNumber(exponent)}`;
  }
  return formatNumber(value, value === 0 ? 0 : Math.max(0, digits - 1 - exponent));
}

/** `286 HU`; differences carry their sign. */
export function formatHu(valueHu: number, { signed = false, decimals = 0 } = {}): string {
  const text = formatNumber(valueHu, decimals);
  return `${signed && valueHu > 0 && /[1-9]/.test(text) ? '+' : ''}${text} HU`;
}

export function formatMm(valueMm: number, decimals = 1): string {
  return `${formatNumber(valueMm, decimals)} mm`;
}

/** `0.4 cm²`, `23 cm²`. */
export function formatArea(areaMm2: number): string {
  return `${formatNumber(areaMm2 / 100, areaMm2 < 1000 ? 1 : 0)} cm²`;
}

function trimmed(value: number): string {
  return new Intl.NumberFormat(language.locale, { maximumFractionDigits: 2 }).format(value);
}

/** `1.25 × 1.25 × 2.5 mm`. */
export function formatSpacing(spacingMm: readonly number[]): string {
  return `${spacingMm.map(trimmed).join(' × ')} mm`;
}

/** `160 × 104 × 24`. */
export function formatSize(size: readonly number[]): string {
  return size.map((n) => formatNumber(n)).join(' × ');
}

/** A share of 1 as `45 %`. */
export function formatPercent(share: number, decimals = 0): string {
  return `${formatNumber(share * 100, decimals)} %`;
}

/** `412 MB`, `1.9 GB`; one unit is 1024 of the one below. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** step;
  return `${formatNumber(value, step > 1 && value < 10 ? 1 : 0)} ${units[step] ?? 'B'}`;
}

export function formatMiB(mebibytes: number): string {
  return formatBytes(mebibytes * 1024 ** 2);
}

/** `0:14`, `3:05`, `9 h 40 min`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 3600) return `${String(Math.floor(whole / 60))}:${String(whole % 60).padStart(2, '0')}`;
  const minutes = Math.round(whole / 60);
  return `${formatNumber(Math.floor(minutes / 60))} h ${String(minutes % 60)} min`;
}

/** `0:14 left`. */
export function formatTimeLeft(seconds: number): string {
  return t('shell.timeLeft', { time: formatDuration(seconds) });
}

/** `3 Nov 2026`, with the time of day where asked. */
export function formatDate(iso: string, { time = false } = {}): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return new Intl.DateTimeFormat(language.locale === 'en' ? 'en-GB' : language.locale, {
    dateStyle: 'medium',
    ...(time ? { timeStyle: 'short' as const } : {}),
  }).format(date);
}

/** `heard 3 s ago`; `now` in ms. */
export function formatHeard(iso: string, now: number): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(iso)) / 1000));
  return t('shell.heard', { time: seconds < 60 ? `${String(seconds)} s` : formatDuration(seconds) });
}
