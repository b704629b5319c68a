/** How well what was typed fits a text: its letters in order, better at the beginnings of words and in one piece. */

/** Null where it does not fit; more is better. Case and accents do not count. */
export function fuzzyScore(typed: string, text: string): number | null {
  const plain = (value: string): string => value.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const query = plain(typed).replace(/\s+/g, ' ').trim();
  const target = plain(text);
  if (query === '') return 0;
  const startsWord = (index: number): boolean =>
    index === 0 || !/[\p{L}\p{N}]/u.test(target[index - 1] ?? '');
  const at = target.indexOf(query);
  if (at >= 0 && startsWord(at)) return 120 - at;
  const initials = scattered(query, target, startsWord);
  return at < 0 ? initials : Math.max(30 - at, initials ?? 0);
}

/** Letters one after another with gaps; 40 more when each of them begins a word. */
function scattered(query: string, target: string, startsWord: (index: number) => boolean): number | null {
  let score = 0;
  let from = 0;
  let allStart = true;
  for (const letter of query.replaceAll(' ', '')) {
    const found = target.indexOf(letter, from);
    if (found < 0) return null;
    const starts = startsWord(found);
    allStart &&= starts;
    score += starts ? 4 : found === from ? 2 : -1;
    from = found + 1;
  }
  return allStart ? score + 40 : score;
}
