/** Texts of errors and findings by key, from `resources/locales`. */
import english from '../../resources/locales/en.json' with { type: 'json' };

const flat = new Map<string, string>(
  Object.entries(english).flatMap(([section, texts]) =>
    Object.entries(texts).map(([key, text]): [string, string] => [`${section}.${key}`, text]),
  ),
);

/** The text for `key` with its `{name}` places filled; the key itself when there is no such text. */
export function formatMessage(key: string, details: Readonly<Record<string, string | number>> = {}): string {
  const template = flat.get(key) ?? key;
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(details[name] ?? whole));
}
