/** Texts of the menus and native dialogs, in the window's language. */
import english from '../../resources/locales/en/host.json' with { type: 'json' };
import german from '../../resources/locales/de/host.json' with { type: 'json' };

export type HostTexts = Readonly<Record<keyof typeof english, string>>;

/** `language`: the setting, or the system's language such as `de-AT`; English where there is no translation. */
export function hostTexts(language: string): HostTexts {
  return language.toLowerCase().startsWith('de') ? german : english;
}
