/** How well what was typed fits a text: its letters in order, better at the beginnings of words and in one piece. */

/** Null where it does not fit; more is better. Case and accents do not count. */
export function fuzzyScore(typed: string, text: string): number | null {
  const plain = (value: string): string => value.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const query = plain(typed).replace(/\s+/g, ' ').trim();
  const target = plain(text);
  if (query === '') return 0;
  const at = target.indexOf(query);
  if (at >= 0) return 100 - at + (at === 0 || target[at - 1] === ' ' ? 50 : 0);
  let score = 0;
  let from = 0;
  for (const letter of query) {
    if (letter === ' ') continue;
    const found = target.indexOf(letter, from);
    if (found < 0) return null;
    const startsWord = found === 0 || !/[\p{L}\p{N}]/u.test(target[found - 1] ?? '');
    score += startsWord ? 4 : found === from ? 2 : -1;
    from = found + 1;
  }
  return score;
}
