/** The page of a browser that is not let in yet: why, in the language it asks for. */
import type { Context } from 'hono';
import { accepts } from 'hono/accepts';
import english from '../../resources/locales/en.json' with { type: 'json' };
import german from '../../resources/locales/de.json' with { type: 'json' };

const texts = { en: english.errors, de: german.errors };

/** Answers 401 with a page of its own; nothing of the window is on it. */
export function errorPage(context: Context, code: 'LINK_USED' | 'SESSION_NEEDED'): Response {
  const wanted = accepts(context, {
    header: 'Accept-Language',
    supports: Object.keys(texts),
    default: 'en',
    match: (asked, { supports, default: otherwise }) =>
      [...asked]
        .sort((a, b) => b.q - a.q)
        .map(({ type }) => type.slice(0, 2).toLowerCase())
        .find((language) => supports.includes(language)) ?? otherwise,
  });
  const language = wanted === 'de' ? 'de' : 'en';
  context.header('Cache-Control', 'no-store');
  context.header('Vary', 'Accept-Language');
  return context.html(
    `<!doctype html><html lang="${language}"><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>Ilium</title>` +
      `<body style="font: 16px/1.5 system-ui; max-width: 34em; margin: 20vh auto; padding: 0 1em">` +
      `<h1 style="font-size: 1.4em">Ilium</h1><p>${texts[language][code]}</p></body></html>`,
    401,
  );
}
