/** Reads a typed number: decimal comma or point, a true minus sign, spaces around; null for anything else. */
export function parseNumber(text: string): number | null {
  const plain = text.trim().replace('−', '-');
  // 1,000 is a thousand in English and one in German: with one separator it is taken as the decimal mark, as people type it.
  const marks = plain.match(/[.,]/g) ?? [];
  const dotted =
    marks.length > 1 ? plain.replaceAll(marks[0] ?? ',', '').replace(',', '.') : plain.replace(',', '.');
  if (!/^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(dotted)) return null;
  return Number(dotted);
}
