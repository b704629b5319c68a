/**
 * The window's texts: `resources/locales/<locale>/<area>.json` with flat keys, read as `t('area.key', { name: value })`.
 *
 * `{name}` in a text is replaced by the detail of that name. Where `count` is 1, `key.one` is taken if there is one. A text that
 * a language lacks is taken from English; a key that no language has is shown as it is (a test keeps that from happening).
 */
import germanServer from '../../resources/locales/de.json';
import englishServer from '../../resources/locales/en.json';
import type { ErrorBody, FindingBody } from '../../src-main/api/contract/session.ts';
import { createPhrases, type Phrases } from './phrases.ts';

export type Locale = 'en' | 'de';
export type Details = Readonly<Record<string, string | number>>;
type Texts = Readonly<Record<string, string>>;

const files = import.meta.glob<Texts>('../../resources/locales/*/*.json', { eager: true, import: 'default' });

function textsOf(locale: Locale): Texts {
  const texts: Record<string, string> = {};
  for (const [path, entries] of Object.entries(files)) {
    const [, language, area] = /\/([^/]+)\/([^/]+)\.json$/.exec(path) ?? [];
    if (language !== locale || area === undefined) continue;
    for (const [key, text] of Object.entries(entries)) texts[`${area}.${key}`] = text;
  }
  return texts;
}

const serverSections = ['errors', 'findings'] as const;
type ServerTexts = Readonly<Record<(typeof serverSections)[number], Texts>>;

/** The application's own errors and findings come in English with every answer; other languages are looked up by code. */
function serverTexts(sections: ServerTexts): Texts {
  const entries = serverSections.flatMap((section) =>
    Object.entries(sections[section]).map(([code, text]): [string, string] => [`${section}.${code}`, text]),
  );
  return Object.fromEntries(entries);
}

/** What the application says inside its errors and findings, or whole errors as the reason of another. */
function phrasesOf(sections: ServerTexts, phrases: Texts): Phrases {
  const whole = serverTexts(sections);
  const english = Object.entries(serverTexts(englishServer));
  const table = english.map(([key, text]): [string, string] => [text, whole[key] ?? text]);
  return createPhrases({ ...Object.fromEntries(table), ...phrases }, ',');
}

const texts: Record<Locale, Texts> = {
  en: textsOf('en'),
  de: { ...textsOf('de'), ...serverTexts(germanServer) },
};
const phrases: Record<Locale, Phrases> = {
  en: createPhrases({}),
  de: phrasesOf(germanServer, germanServer.phrases),
};

class Language {
  locale = $state<Locale>('en');

  /** Takes a setting; `system` follows the browser, English where its language is not here. */
  use(setting: Locale | 'system'): void {
    this.locale = setting === 'system' ? (navigator.language.startsWith('de') ? 'de' : 'en') : setting;
    document.documentElement.lang = this.locale;
  }
}

export const language = new Language();

function lookUp(key: string): string | undefined {
  return texts[language.locale][key] ?? texts.en[key];
}

/** The text of a key in the current language; follows a change of language when read in a template or `$derived`. */
export function t(key: string, details: Details = {}): string {
  const one = details['count'] === 1 ? lookUp(`${key}.one`) : undefined;
  const template = one ?? lookUp(key) ?? key;
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(details[name] ?? whole));
}

/** Whether some language has this key. */
export function hasText(key: string): boolean {
  return lookUp(key) !== undefined;
}

/** What the application says in English, in the current language: a reason, a job's last message. */
export function phraseText(text: string): string {
  return phrases[language.locale].translate(text);
}

/** The same for what people may have written in its place, such as why a case is left out. */
export function knownText(text: string): string {
  return phrases[language.locale].translateExact(text);
}

/** Details as the current language writes them: its decimal sign, its words for what the application says. */
function localDetails(details: Details): Details {
  const local = Object.entries(details).map(([name, value]) => {
    // A count stays a number: there may be a form for one.
    return [name, Number.isInteger(value) ? value : phraseText(String(value))];
  });
  return Object.fromEntries(local) as Details;
}

/** What went wrong, for people: the text of the code in their language, else the English message that came with it. */
export function errorText(error: ErrorBody['error']): string {
  const key = [`errors.${error.code}`, `shell.error.${error.code}`].find(hasText);
  return key === undefined ? error.message : t(key, localDetails(error.details));
}

/** What a finding says: the translated text of its code, else its English text. */
export function findingText({ code, details, subject, text }: Omit<FindingBody, 'severity'>): string {
  const key = `findings.${code}`;
  return hasText(key) ? t(key, localDetails({ path: subject, ...details })) : text;
}
