import { AppError } from '../../shared/appError.ts';

/**
 * `settings` with what is `chosen` apart from them. They may hold the same, as those of a run do; what says otherwise is refused rather than
 * dropped. Throws CONFIG_INVALID.
 */
export function withChosen(settings: object, chosen: Readonly<Record<string, string | number>>): object {
  const given = new Map<string, unknown>(Object.entries(settings));
  for (const [name, value] of Object.entries(chosen))
    if (given.has(name) && given.get(name) !== value) {
      const other = JSON.stringify(given.get(name));
      throw new AppError('CONFIG_INVALID', {
        reason: `${name}: ${JSON.stringify(value)} is chosen, but the settings say ${other}`,
      });
    }
  return { ...settings, ...chosen };
}
