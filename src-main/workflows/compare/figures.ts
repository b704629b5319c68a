/** Numbers as people read them. */

const dash = '–';
const minus = (text: string): string => text.replace('-', '−');

/** With so many digits behind the point; a dash for null. What rounds to 0 has no sign. */
export function figure(value: number | null | undefined, digits: number): string {
  if (value === null || value === undefined) return dash;
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace('-', '') : minus(text);
}

/** The same with its sign, also for positive numbers. */
export function signed(value: number | null | undefined, digits: number): string {
  if (value === null || value === undefined) return dash;
  return `${Number(value.toFixed(digits)) > 0 ? '+' : ''}${figure(value, digits)}`;
}

/** `0.034`, `< 0.001`. */
export function pValue(p: number | null | undefined): string {
  if (p === null || p === undefined) return dash;
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}
