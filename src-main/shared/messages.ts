/** Texts of errors and findings by key, from `resources/locales`. */
import english from '../../resources/locales/en.json' with { type: 'json' };

const flat = new Map<string, string>(
  Object.entries(english).flatMap(([section, texts]) =>
    Object.entries(texts).map(([key, text]): [string, string] => [`${section}.${key}`, text]),
  ),
);

/** The text for `key` (where `count` is 1, of `key.one` if there is one) with its `{name}` places filled; else the key itself. */
export function formatMessage(key: string, details: Readonly<Record<string, string | number>> = {}): string {
  const one = details['count'] === 1 ? flat.get(`${key}.one`) : undefined;
  const template = one ?? flat.get(key) ?? key;
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(details[name] ?? whole));
}
