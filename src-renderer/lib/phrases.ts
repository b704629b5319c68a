/**
 * Sentences that the application writes in English into what it tells and keeps: the reasons inside errors and findings, a job's last
 * message, a cohort's reasons. A table gives each in another language; `{name}` in both stands for the same part of the sentence.
 */
export interface Phrases {
  /** The sentence in the other language, parts of it included; as it is where no row fits. */
  translate(text: string): string;
  /** The same for texts that people may have written themselves: only rows without places count. */
  translateExact(text: string): string;
}

interface Row {
  readonly pattern: RegExp;
  readonly names: readonly string[];
  readonly text: string;
  /** Letters of the sentence without its places: the row that says most about a text is taken. */
  readonly told: number;
}

const place = /\{(\w+)\}/g;

function rowOf([english, text]: [string, string]): Row {
  const parts = english.split(place);
  const fixed = parts.filter((_, at) => at % 2 === 0);
  const pattern = fixed.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('(.+?)');
  return {
    pattern: new RegExp(`^${pattern}$`, 's'),
    names: parts.filter((_, at) => at % 2 === 1),
    text,
    told: fixed.join('').length,
  };
}

/** Phrases by a table from English to the other language, whose numbers have `decimal` for a point. */
export function createPhrases(table: Readonly<Record<string, string>>, decimal = '.'): Phrases {
  const rows = Object.entries(table)
    .filter(([english]) => english.includes('{') && english.replace(place, '').trim() !== '')
    .map(rowOf)
    .sort((a, b) => b.told - a.told);

  const translateExact = (text: string): string =>
    Object.hasOwn(table, text) ? (table[text] ?? text) : text;
  const fill = ({ pattern, names, text }: Row, given: string): string => {
    const values = pattern.exec(given)?.slice(1) ?? [];
    const parts = new Map(names.map((name, at) => [name, translate(values[at] ?? '')]));
    return text.replace(place, (whole, name: string) => parts.get(name) ?? whole);
  };
  const translate = (text: string): string => {
    if (Object.hasOwn(table, text)) return translateExact(text);
    if (/^-?\d+\.\d+$/.test(text)) return text.replace('.', decimal);
    const row = rows.find(({ pattern }) => pattern.test(text));
    if (row) return fill(row, text);
    const listed = text.split(', ');
    return listed.length > 1 ? listed.map(translate).join(', ') : text;
  };
  return { translate, translateExact };
}
